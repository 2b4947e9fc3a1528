import Glibc

/// The command's standard streams.
enum Terminal {
    /// The reader of our output has gone, as `head` does.
    struct Closed: Error {}

    static func out(_ line: String) throws(Closed) { try self.write(Array((line + "\n").utf8), to: 1) }

    static func error(_ line: String) {
        // Where standard error is gone, there is nobody left to tell.
        try? self.write(Array((line + "\n").utf8), to: 2)
    }

    /// Writes all of `bytes`, waiting where the reader is slow.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Closed) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBufferPointer { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
            }
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, 1_000)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                throw Closed()
            }
        }
    }

    /// Whether standard output is a terminal.
    static var isInteractive: Bool { isatty(1) == 1 }

    /// The terminal's width in columns; 80 where it is unknown.
    static var width: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
