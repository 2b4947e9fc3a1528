import Primitives

/// A token bucket for bytes: so much per second, and a second's worth at once.
struct RateLimit: Sendable {
    private let perSecond: Int
    private var debt: Duration = .zero
    private var last: Timestamp?

    init(bytesPerSecond: Int) {
        precondition(bytesPerSecond > 0, "a rate of \(bytesPerSecond) bytes per second moves nothing")
        self.perSecond = bytesPerSecond
    }

    /// Takes `bytes` out, and returns how long to wait before they may go.
    mutating func take(_ bytes: Int, now: Timestamp) -> Duration {
        if let last = self.last { self.debt = max(.zero, self.debt - (now - last)) }
        self.last = now
        self.debt += .seconds(1) * Double(bytes) / Double(self.perSecond)
        return max(.zero, self.debt - .seconds(1))
    }
}
