import Glibc

/// The operator's own editor, on a file that nobody else can read and that is gone afterwards.
enum Editor {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// More than any spec has.
    private static let limit = 1 << 20

    /// Runs `$VISUAL`, `$EDITOR` or vi on `text`, and returns what it left.
    static func edit(_ text: String) throws -> String {
        let folder = Self.variable("TMPDIR") ?? "/tmp"
        var template = Array("\(folder)/swarmtop-XXXXXX.json".utf8CString)
        let suffix = Int32(".json".utf8.count)
        // Made for the owner alone: a spec may hold what is not for everybody.
        let file = mkstemps(&template, suffix)
        guard file >= 0 else { throw Failure(description: "cannot make a file in \(folder)") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        Output.write(text, to: file)
        close(file)
        try Self.run(path)
        return try Self.read(path)
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func run(_ path: String) throws {
        let editor = Self.variable("VISUAL") ?? Self.variable("EDITOR") ?? "vi"
        // The shell takes the variable apart, which may have arguments; the path is one of its own.
        let words = ["sh", "-c", "exec \(editor) \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else {
            throw Failure(description: "cannot run \(editor)")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw Failure(description: "\(editor) was lost") }
        }
        guard status == 0 else { throw Failure(description: "\(editor) ended with a failure") }
    }

    private static func read(_ path: String) throws -> String {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Failure(description: "the edited file is gone") }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress.map { $0 + length }, buffer.count - length)
            }
            guard count > 0 else { break }
            length += count
        }
        guard length < Self.limit else { throw Failure(description: "the text is too long") }
        return String(decoding: bytes.prefix(length), as: UTF8.self)
    }
}
