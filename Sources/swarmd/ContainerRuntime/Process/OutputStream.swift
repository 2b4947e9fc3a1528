import Glibc
import LinuxSystem
import NodePlan

/// One of a task's two output pipes, read until its end.
struct OutputStream: ~Copyable {
    private static let readSize = 64 << 10

    private var descriptor: Descriptor?
    private var framer: LineFramer

    init(_ source: LogRecord.Source, _ descriptor: consuming Descriptor) {
        self.descriptor = consume descriptor
        self.framer = LineFramer(source: source)
    }

    var isOpen: Bool { self.descriptor != nil }

    /// For `poll`, which passes over -1.
    var raw: Int32 {
        switch self.descriptor {
        case .some(let descriptor): descriptor.raw
        case .none: -1
        }
    }

    func setNonblocking() throws { try self.descriptor?.setNonblocking() }

    /// Reads what is there; closes the stream at its end.
    mutating func take() -> [LogRecord] {
        guard self.isOpen else { return [] }
        let bytes = (try? self.descriptor?.read(atMost: Self.readSize)) ?? nil
        guard let bytes else { return [] }
        if bytes.isEmpty { self.descriptor = nil }
        return self.framer.append(bytes, now: TaskSupervisor.now())
    }

    /// Closes the stream; returns a last line without its end.
    mutating func finish() -> LogRecord? {
        self.descriptor = nil
        return self.framer.finish(now: TaskSupervisor.now())
    }
}
