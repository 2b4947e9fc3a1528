import Primitives
import Testing

@testable import ManagerNode

@Suite struct JoinLimitsTests {
    private static let start = Timestamp(seconds: 1)

    @Test func `the rate is a bucket that fills again`() {
        var rate = RateLimit(perSecond: 10, capacity: 2)
        let tenth = Self.start + .milliseconds(100)
        let later = Self.start + .seconds(100)
        let moments = [Self.start, Self.start, Self.start, tenth, tenth, later, later, later]
        let admitted = moments.map { rate.admit(now: $0) }
        #expect(admitted == [true, true, false, true, false, true, true, false])
    }

    @Test func `one address cannot take all permits`() {
        var limits = JoinLimits()
        let one = (0..<300).count { _ in limits.admitJoin(from: "10.0.0.1", now: Self.start) }
        let other = (0..<300).count { _ in limits.admitJoin(from: "10.0.0.2", now: Self.start) }
        let third = (0..<300).count { _ in limits.admitJoin(from: "10.0.0.3", now: Self.start) }
        #expect(one == JoinLimits.ofAddress.atOnce)
        #expect(other == JoinLimits.ofAddress.atOnce)
        #expect(third == JoinLimits.all.atOnce - one - other)
    }

    @Test func `callers who were quiet are forgotten when there are too many`() {
        var limits = RateLimits(perSecond: 1, capacity: 1)
        let known = (0..<RateLimits.callers).count { limits.admit("\($0)", now: Self.start) }
        let early = limits.admit("new", now: Self.start)
        let late = limits.admit("new", now: Self.start + .seconds(1))
        #expect(known == RateLimits.callers)
        #expect(!early)
        #expect(late)
    }

    @Test func `as many wait for their certificate as there are places`() {
        let polls = StatusPolls(total: 3, each: 2)
        #expect(polls.begin("a") && polls.begin("a") && !polls.begin("a"))
        #expect(polls.begin("b") && !polls.begin("c"))
        polls.end("a")
        #expect(polls.begin("c") && !polls.begin("a"))
    }
}
