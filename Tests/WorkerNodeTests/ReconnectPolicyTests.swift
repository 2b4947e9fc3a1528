import Primitives
import Testing

@testable import WorkerNode

@Suite struct ReconnectPolicyTests {
    private let start = Timestamp(seconds: 1000)

    @Test func `retries are quick after the loss of a session`() {
        var policy = ReconnectPolicy(now: self.start)
        var dice = SeededGenerator(seed: 3)
        let lost = self.start + .seconds(500)
        policy.lost(after: .seconds(400), now: lost)
        let pauses = (0..<200).map { policy.pause(now: lost + .milliseconds($0 * 250), using: &dice) }
        #expect(pauses.allSatisfy { $0 <= .milliseconds(250) })
        #expect(pauses.max().map { $0 > .milliseconds(200) } == true)
    }

    @Test func `later retries back off to eight seconds`() {
        var policy = ReconnectPolicy(now: self.start)
        var dice = SeededGenerator(seed: 3)
        let late = self.start + ReconnectPolicy.quickWindow
        let pauses = (0..<100).map { _ in policy.pause(now: late, using: &dice) }
        #expect(pauses[0] <= .milliseconds(100))
        #expect(pauses.allSatisfy { $0 <= .seconds(8) })
        #expect(pauses.max().map { $0 > .seconds(7) } == true)
    }

    @Test func `a node that was removed asks ever more rarely, until a session is open again`() {
        var policy = ReconnectPolicy(now: self.start)
        var dice = SeededGenerator(seed: 3)
        var waited = Duration.zero
        for _ in 0..<100 {
            policy.dismissed()
            waited += policy.pause(now: self.start, using: &dice)
        }
        #expect(waited > .seconds(4 * 3_600))
        policy.lost(after: .seconds(5), now: self.start)
        #expect(policy.pause(now: self.start, using: &dice) <= .milliseconds(250))
    }

    @Test func `sessions that end at once don't keep retries quick`() {
        var policy = ReconnectPolicy(now: self.start)
        var dice = SeededGenerator(seed: 3)
        let late = self.start + ReconnectPolicy.quickWindow
        var longest: Duration = .zero
        for _ in 0..<100 {
            policy.lost(after: .milliseconds(10), now: late)
            longest = max(longest, policy.pause(now: late, using: &dice))
        }
        #expect(longest > .seconds(4))
    }
}
