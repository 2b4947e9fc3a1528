/// The few operations on files that the log needs, so that tests can make each of them fail.
package protocol FileSystem: Sendable {
    /// Makes `path` with mode 0700 if it isn't there; its parent must be.
    func createDirectory(_ path: String) throws(LogError)
    /// The names in a directory, sorted.
    func names(in directory: String) throws(LogError) -> [String]
    /// Opens a file to read and write; `create` makes a new empty one with mode 0600.
    func open(_ path: String, create: Bool) throws(LogError) -> any LogFile
    /// Opens `path`, made if need be, and keeps other processes from doing so until the file is released.
    func lock(_ path: String) throws(LogError) -> any LogFile
    /// Gives a file another name, in place of the file that has it.
    func rename(_ path: String, to target: String) throws(LogError)
    /// Removes a file.
    func remove(_ path: String) throws(LogError)
    /// Makes the names in a directory durable.
    func syncDirectory(_ path: String) throws(LogError)
}

/// An open file; it is closed when nobody refers to it any more.
package protocol LogFile: Sendable {
    /// The name that it was opened by.
    var path: String { get }
    /// Its length in bytes.
    func size() throws(LogError) -> UInt64
    /// Its permission bits.
    func mode() throws(LogError) -> UInt32
    /// The bytes from `offset` on; fewer than `count` only at the end.
    func read(at offset: UInt64, count: Int) throws(LogError) -> [UInt8]
    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(LogError)
    /// Reserves zeroed space up to `size`, so that later writes find room and do not change the length.
    func allocate(_ size: UInt64) throws(LogError)
    /// Cuts the file.
    func truncate(to size: UInt64) throws(LogError)
    /// Makes what was written durable (`fdatasync`). After a failure nothing is known about the file any
    /// more; trying again would report success without writing (Rebello et al., ATC '20).
    func sync() throws(LogError)
}

extension FileSystem {
    /// Writes a whole file so that a crash leaves the old one or the new one: temporary name, sync, rename,
    /// sync of the directory.
    func replace(_ name: String, in directory: String, with bytes: [UInt8]) throws(LogError) {
        try self.replace(name, in: directory) { (file) throws(LogError) in try file.write(bytes, at: 0) }
    }

    /// Writes a whole file by `body`, likewise.
    func replace(
        _ name: String,
        in directory: String,
        by body: (any LogFile) throws(LogError) -> Void
    ) throws(LogError) {
        let temporary = "\(directory)/\(name)\(temporarySuffix)"
        do {
            let file = try self.open(temporary, create: true)
            try body(file)
            try file.sync()
        }
        try self.rename(temporary, to: "\(directory)/\(name)")
        try self.syncDirectory(directory)
    }

    /// Removes what a crash left of unfinished files.
    func removeTemporaries(in directory: String) throws(LogError) {
        for name in try self.names(in: directory) where name.hasSuffix(temporarySuffix) {
            try self.remove("\(directory)/\(name)")
        }
    }
}

/// The end of the name of a file that isn't finished.
let temporarySuffix = ".tmp"
