import ControlClient
import Glibc
import Primitives

/// Writes what the manager told into a file, for `--replay`.
final class Recorder {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private let start: Timestamp
    private var isBroken = false

    /// Makes the file, which must not be there yet: nothing is written over.
    ///
    /// Only its owner may read it.
    init(_ path: String, start: Timestamp) throws {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
            let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
            throw Failure(description: "cannot make \(path): \(reason)")
        }
        (self.path, self.file, self.start) = (path, file, start)
        try self.write(FeedTape.header(start: start))
    }

    deinit { fclose(self.file) }

    /// Writes an event down; returns what went wrong, once, and writes nothing more then.
    func take(_ event: FeedEvent, now: Timestamp) -> String? {
        guard !self.isBroken else { return nil }
        do {
            try self.write(try FeedTape.record(event, after: max(.zero, now - self.start)))
            return nil
        } catch {
            self.isBroken = true
            return "the recording ended: \(error)"
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        let isWritten = fwrite(bytes, 1, bytes.count, self.file) == bytes.count && fflush(self.file) == 0
        guard isWritten else {
            throw Failure(description: "cannot write \(self.path): \(String(cString: strerror(errno)))")
        }
    }
}
