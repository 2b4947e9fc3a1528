import Glibc

/// Whole files and directories, without Foundation: what a small process can afford.
package enum Files {
    /// The largest file that `read` takes in; what it reads are records, not logs.
    package static let readLimit = 4 << 20

    /// The bytes of a file of at most `readLimit` bytes.
    package static func read(_ path: String) throws -> [UInt8] {
        let file = try Descriptor.open(path, O_RDONLY)
        var content: [UInt8] = []
        while let part = try file.read(atMost: 16 << 10), !part.isEmpty {
            content += part
            if content.count > Self.readLimit {
                throw SystemError(operation: "read", path: path, code: EFBIG)
            }
        }
        return content
    }

    /// The text of a file of `/proc` or of a control group.
    package static func readText(_ path: String) throws -> String {
        String(decoding: try Self.read(path), as: UTF8.self)
    }

    /// Writes `text` into an existing file with one call, as control groups want it.
    package static func writeText(_ text: String, to path: String) throws {
        let file = try Descriptor.open(path, O_WRONLY)
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
        if count != bytes.count { throw SystemError.last("write", path) }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a directory; one that is there already will do.
    ///
    /// Returns whether it was made.
    @discardableResult
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws -> Bool {
        if mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw SystemError.last("mkdir", path) }
        return false
    }

    /// Makes a directory and those above it that are missing.
    package static func makeDirectories(_ path: String, mode: UInt32 = 0o700) throws {
        if Self.exists(path) { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try Self.makeDirectories(String(path[..<slash]), mode: mode)
        }
        try Self.makeDirectory(path, mode: mode)
    }

    /// The names in a directory, sorted; none where there is no directory.
    package static func names(in path: String) throws -> [String] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw SystemError.last("opendir", path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes the names in a directory survive a loss of power.
    package static func synchronizeDirectory(_ path: String) throws {
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        try directory.synchronize()
    }

    /// Writes a file by way of `PATH.new`, so that a crash leaves the old or the new contents, never a mixture.
    ///
    /// All of it is on the disk when this returns.
    package static func replace(_ path: String, with bytes: [UInt8]) throws {
        let temporary = "\(path).new"
        do {
            let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(bytes)
            try file.synchronize()
            try Self.rename(temporary, to: path)
        } catch {
            try? Self.remove(temporary)
            throw error
        }
        try Self.synchronizeDirectory(Self.parent(of: path))
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func rename(_ from: String, to: String) throws {
        if Glibc.rename(from, to) != 0 { throw SystemError.last("rename", from) }
    }

    /// Removes a file; one that is not there will do.
    package static func remove(_ path: String) throws {
        if unlink(path) != 0, errno != ENOENT { throw SystemError.last("unlink", path) }
    }

    /// Removes a directory with all that is in it; follows no link.
    package static func removeTree(_ path: String) throws {
        for name in try Self.names(in: path) {
            let child = "\(path)/\(name)"
            if unlink(child) == 0 || errno == ENOENT { continue }
            guard errno == EISDIR || errno == EPERM else { throw SystemError.last("unlink", child) }
            try Self.removeTree(child)
        }
        if rmdir(path) != 0, errno != ENOENT { throw SystemError.last("rmdir", path) }
    }
}
