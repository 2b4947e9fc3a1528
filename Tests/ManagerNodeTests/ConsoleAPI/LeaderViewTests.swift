import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct LeaderViewTests {
    /// What the leader "l" says at second 100 of its own clock: it heard of member 2 a second before.
    private static let report = SwarmdConsoleStatus.with {
        $0.nodeID = "l"
        $0.at = Timestamp(seconds: 100).protobuf
        $0.raft.leaderID = "l"
        $0.raft.members = [
            .with {
                $0.raftID = 1
                $0.leader = true
            },
            .with {
                $0.raftID = 2
                $0.match = 7
                $0.lastContact = Timestamp(seconds: 99).protobuf
            },
        ]
    }

    @Test func `contacts are told in this manager's time`() throws {
        let view = LeaderView()
        #expect(view.take(Self.report, now: Timestamp(seconds: 500)))
        let member = try #require(view.member(2, by: "l", now: Timestamp(seconds: 501)))
        #expect(member.match == 7)
        #expect(Timestamp(member.lastContact) == Timestamp(seconds: 499))
        let leader = try #require(view.member(1, by: "l", now: Timestamp(seconds: 501)))
        #expect(Timestamp(leader.lastContact) == Timestamp(seconds: 500))
    }

    @Test func `what is old, or another leader's, does not count`() {
        let view = LeaderView()
        _ = view.take(Self.report, now: Timestamp(seconds: 500))
        #expect(view.member(2, by: "l", now: Timestamp(seconds: 504)) == nil)
        #expect(view.member(2, by: "other", now: Timestamp(seconds: 500)) == nil)
    }

    @Test func `a manager that does not lead knows no more than this one`() {
        let view = LeaderView()
        var report = Self.report
        report.raft.leaderID = "other"
        #expect(!view.take(report, now: Timestamp(seconds: 500)))
        #expect(view.member(2, by: "l", now: Timestamp(seconds: 500)) == nil)
    }
}
