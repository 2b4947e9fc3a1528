import FoundationEssentials
import Glibc

/// Reads what a secret or a config is to hold.
enum PayloadInput {
    private static let partBytes = 64 << 10

    /// All of the file at `path`, or of standard input where it is `-`; between one byte and fewer than `limit`.
    ///
    /// No more than `limit` bytes are read: a wrong file may be as large as it likes.
    static func read(_ path: String?, kind: String, below limit: Int) throws(CommandError) -> Data {
        guard let path else {
            throw CommandError(
                "the file with the \(kind)'s content is missing: name it, or give - for standard input"
            )
        }
        let name = path == "-" ? "standard input" : path
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError("\(path): \(Self.reason(errno))") }
        defer { if descriptor != 0 { close(descriptor) } }
        let data = try Self.read(descriptor, name: name, atMost: limit)
        guard !data.isEmpty else {
            throw CommandError("\(name) is empty: a \(kind) holds at least one byte")
        }
        guard data.count < limit else {
            throw CommandError("\(name) is too large: a \(kind) holds less than \(limit >> 10) KiB")
        }
        return data
    }

    private static func read(
        _ descriptor: Int32,
        name: String,
        atMost limit: Int
    ) throws(CommandError) -> Data {
        var data = Data()
        var part = [UInt8](repeating: 0, count: Self.partBytes)
        while data.count < limit {
            let count = Glibc.read(descriptor, &part, min(part.count, limit - data.count))
            if count == 0 { break }
            if count > 0 {
                data.append(contentsOf: part[..<count])
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&waiting, 1, 1_000)
            } else if errno != EINTR {
                throw CommandError("\(name) cannot be read: \(Self.reason(errno))")
            }
        }
        return data
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
