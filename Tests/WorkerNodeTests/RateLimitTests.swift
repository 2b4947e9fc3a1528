import Primitives
import Testing

@testable import WorkerNode

@Suite struct RateLimitTests {
    @Test func `a second's worth goes at once, more has to wait`() {
        var limit = RateLimit(bytesPerSecond: 100)
        let now = Timestamp(seconds: 1)
        #expect(limit.take(100, now: now) == .zero)
        #expect(limit.take(50, now: now) == .milliseconds(500))
        #expect(limit.take(50, now: now) == .seconds(1))
    }

    @Test func `time pays the debt back`() {
        var limit = RateLimit(bytesPerSecond: 100)
        _ = limit.take(200, now: Timestamp(seconds: 1))
        #expect(limit.take(100, now: Timestamp(seconds: 3)) == .zero)
        #expect(limit.take(100, now: Timestamp(seconds: 3)) == .seconds(1))
    }
}
