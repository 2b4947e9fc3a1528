/// Tells one reader that something changed; notices that are not read yet are one.
struct BoundedNotice: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns false when the reader is gone.
    func notify() -> Bool {
        if case .terminated = self.continuation.yield() { return false }
        return true
    }
}
