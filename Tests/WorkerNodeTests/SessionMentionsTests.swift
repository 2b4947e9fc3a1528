import GRPCCore
import Logging
import Primitives
import Testing

@testable import WorkerNode

@Suite struct SessionMentionsTests {
    private struct Gone: Error, CustomStringConvertible {
        let description = "it is gone"
    }

    private let start = Timestamp(seconds: 1_000)
    private let removed = RPCError(
        code: .permissionDenied,
        message: "Permission denied: node n1 was removed from swarm"
    )

    @Test func `a removed node says so once an hour, with the way out`() {
        var mentions = SessionMentions()
        let first = mentions.line(for: self.removed, at: self.start)
        #expect(first.level == .warning)
        #expect(first.message.contains("`swarmd leave --force`"))
        #expect(first.reason == "Permission denied: node n1 was removed from swarm")
        let later = (1..<3_600).map { mentions.line(for: self.removed, at: self.start + .seconds($0)).level }
        #expect(later.allSatisfy { $0 == .debug })
        #expect(mentions.line(for: self.removed, at: self.start + .seconds(3_600)).level == .warning)
    }

    @Test func `the same end is told once a minute, and another one at once`() {
        var mentions = SessionMentions()
        #expect(mentions.line(for: SessionEnd.noAnswer, at: self.start).level == .info)
        #expect(mentions.line(for: SessionEnd.noAnswer, at: self.start + .seconds(59)).level == .debug)
        let other = SessionEnd.streamEnded("session")
        #expect(mentions.line(for: other, at: self.start + .seconds(59)).level == .info)
        #expect(mentions.line(for: SessionEnd.noAnswer, at: self.start + .seconds(60)).level == .info)
        mentions.opened()
        #expect(mentions.line(for: SessionEnd.noAnswer, at: self.start + .seconds(61)).level == .info)
    }

    @Test func `an error that carries another is not told twice`() {
        var mentions = SessionMentions()
        let outer = RPCError(code: .unavailable, message: "failed: it is gone", cause: Gone())
        #expect(mentions.line(for: outer, at: self.start).reason == "it is gone")
    }
}
