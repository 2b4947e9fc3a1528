import Synchronization

/// A value that many tasks change and one task works off.
///
/// Changes fold into the value, so nothing queues up: the reader is told at most once that there is something,
/// however much there is. What the value may hold is bounded by whoever defines it.
final class Mailbox<Value: Sendable>: Sendable {
    private struct Contents {
        var value: Value
        var reader: AsyncStream<Void>.Continuation?
    }

    private let contents: Mutex<Contents>

    init(_ value: Value) { self.contents = Mutex(Contents(value: value, reader: nil)) }

    /// Changes the value and wakes the reader.
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        self.contents.withLock { contents in
            let result = body(&contents.value)
            contents.reader?.yield()
            return result
        }
    }

    /// Reads or takes from the value without waking anyone.
    func access<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        self.contents.withLock { body(&$0.value) }
    }

    /// The wake-ups of a new reader, the first at once; an earlier reader's end.
    func wakes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        continuation.yield()
        self.contents.withLock { contents in
            contents.reader?.finish()
            contents.reader = continuation
        }
        return stream
    }
}
