import CLinux
import Glibc

/// An open file that is closed when its owner lets go of it.
package struct Descriptor: ~Copyable, Sendable {
    /// The number, valid as long as this value lives.
    package let raw: Int32

    /// Takes over the open file `raw`.
    package init(owning raw: Int32) { self.raw = raw }

    deinit { close(self.raw) }

    /// Opens `path`; programs that this process starts do not get the descriptor.
    package static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0o600) throws -> Descriptor {
        while true {
            let raw = Glibc.open(path, flags | O_CLOEXEC, mode)
            if raw >= 0 { return Descriptor(owning: raw) }
            guard errno == EINTR else { throw SystemError.last("open", path) }
        }
    }

    /// Reads up to `limit` bytes: none at the end of the file; nil where there is nothing to read yet.
    package func read(atMost limit: Int) throws -> [UInt8]? {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
                count = Glibc.read(self.raw, buffer.baseAddress, limit)
                filled = max(0, count)
            }
            if count >= 0 { return bytes }
            if errno == EAGAIN { return nil }
            guard errno == EINTR else { throw SystemError.last("read") }
        }
    }

    /// Writes all of `bytes`.
    package func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(self.raw, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno != EINTR { throw SystemError.last("write") }
            written += max(0, count)
        }
    }

    /// Waits until what was written would survive a loss of power.
    package func synchronize() throws {
        if fsync(self.raw) != 0 { throw SystemError.last("fsync") }
    }

    /// Takes room on the disk for the first `bytes` of a file, which gets no longer by that.
    ///
    /// Throws where there is no room; a file system that cannot promise any is left alone.
    package func reserve(_ bytes: Int) throws {
        guard swarmd_reserve(self.raw, off_t(bytes)) != 0 else { return }
        guard errno != EOPNOTSUPP else { return }
        throw SystemError.last("fallocate")
    }

    /// Makes reads return at once where there is nothing to read.
    package func setNonblocking() throws {
        let flags = fcntl(self.raw, F_GETFL)
        if flags < 0 || fcntl(self.raw, F_SETFL, flags | O_NONBLOCK) < 0 { throw SystemError.last("fcntl") }
    }
}

/// The two ends of a pipe.
package struct Pipe: ~Copyable {
    package let reading: Descriptor
    package let writing: Descriptor

    /// Makes a pipe that programs started by this process do not get.
    package init() throws {
        var ends: [Int32] = [-1, -1]
        if swarmd_pipe(&ends) != 0 { throw SystemError.last("pipe2") }
        self.reading = Descriptor(owning: ends[0])
        self.writing = Descriptor(owning: ends[1])
    }

    /// Closes the writing end and keeps the reading one.
    package consuming func keepReading() -> Descriptor { self.reading }
}
