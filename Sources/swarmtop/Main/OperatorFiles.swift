import ConsoleCore
import Glibc

/// The operator's own files: the configuration, which is only read, and the arrangement of the lists, which is kept.
struct OperatorFiles {
    /// Nobody's file is as large.
    private static let limit = 1 << 16

    /// Where the files are; nil where the environment names no place.
    let configuration: String?
    let views: String?
    private let home: String

    init(environment: (String) -> String?) {
        // A relative path there is to be ignored (XDG Base Directory Specification).
        func folder(_ variable: String, _ fallback: String) -> String? {
            if let path = environment(variable), path.hasPrefix("/") { return path + "/swarmtop" }
            return environment("HOME").flatMap { $0.hasPrefix("/") ? "\($0)/\(fallback)/swarmtop" : nil }
        }
        self.home = environment("HOME") ?? ""
        self.configuration = folder("XDG_CONFIG_HOME", ".config").map { $0 + "/config" }
        self.views = folder("XDG_STATE_HOME", ".local/state").map { $0 + "/views" }
    }

    /// `path` as an operator writes it.
    func shown(_ path: String) -> String {
        let isBelow = !self.home.isEmpty && path.hasPrefix(self.home + "/")
        return isBelow ? "~" + path.dropFirst(self.home.count) : path
    }

    /// A file's text or why there is none.
    enum Reading: Equatable {
        case text(String)
        case absent
        case unreadable(String)
    }

    static func read(_ path: String) -> Reading {
        // Not to wait for whoever writes to a pipe of that name.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            return errno == ENOENT || errno == ENOTDIR
                ? .absent : .unreadable(String(cString: strerror(errno)))
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: length), $0.count - length)
            }
            guard count >= 0 else { return .unreadable(String(cString: strerror(errno))) }
            if count == 0 { break }
            length += count
        }
        guard length <= Self.limit else { return .unreadable("larger than \(Self.limit) bytes") }
        guard let text = String(validating: bytes.prefix(length), as: UTF8.self) else {
            return .unreadable("no UTF-8")
        }
        return .text(text)
    }

    /// What the configuration says, with what is wrong about it.
    func settings() -> (settings: Settings, faults: [String]) {
        guard let path = self.configuration else { return (Settings(), []) }
        switch Self.read(path) {
        case .absent: return (Settings(), [])
        case .unreadable(let reason): return (Settings(), ["\(self.shown(path)): \(reason)"])
        case .text(let text):
            let settings = Settings(text, file: self.shown(path))
            return (settings, settings.faults)
        }
    }

    /// Writes `text` to the file of views so that it is there as a whole or not at all; returns what went wrong.
    func keep(views text: String) -> String? {
        guard let path = self.views else { return nil }
        Self.makeFolders(of: path)
        let fresh = "\(path).\(getpid())"
        let file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return "\(self.shown(path)): \(String(cString: strerror(errno)))" }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        let isWhole = written == bytes.count && fsync(file) == 0
        close(file)
        guard isWhole, rename(fresh, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(fresh)
            return "\(self.shown(path)): \(reason)"
        }
        return nil
    }

    private static func makeFolders(of path: String) {
        for (index, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
            mkdir(String(decoding: path.utf8.prefix(index), as: UTF8.self), 0o700)
        }
    }
}
