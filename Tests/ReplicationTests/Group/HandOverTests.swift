import RaftCore
import ReplicatedStore
import Replication
import SwarmAPI
import SwiftProtobuf
import Testing

struct HandOverTests {
    @Test func `a leader whose heir does not take over goes on in its term`() throws {
        var group = Trio(leader: 1)
        group.isLost = { $0.kind == .timeoutNow }
        _ = try group.propose([1])
        group.change { $0.transferLeadership(to: 2) }
        #expect(throws: ProposalError.notLeader) { try group.propose([2]) }
        for _ in 0..<GroupLimits().electionTicks { group.tick() }
        let index = try group.propose([3])
        #expect(group.news == ["leads 2", "1", "pauses", "leads on 2", "3"])
        #expect(group[1].node.term == 2 && group[1].node.commitIndex == index)
    }

    @Test func `a leader that stays takes proposals again`() throws {
        var group = Trio(leader: 1)
        group.change { $0.resign() }
        #expect(throws: ProposalError.notLeader) { try group.propose([1]) }
        group.change { $0.stay() }
        _ = try group.propose([2])
        #expect(group.news == ["leads 2", "pauses", "leads on 2", "2"])
    }

    @Test func `a leader whose heir takes over is told the end once`() throws {
        var group = Trio(leader: 1)
        group.change { $0.transferLeadership(to: 2) }
        #expect(group.news == ["leads 2", "pauses", "ends"])
        #expect(group[2].node.role == .leader)
    }

    @Test func `a leader that was removed takes no more proposals, also when its heir hears nothing`() throws
    {
        var group = Trio(leader: 1)
        group.isLost = { $0.kind == .timeoutNow }
        let removal = ConfigurationChange(v1: .remove, 1, id: 9, context: [])
        try group.change { member in try member.propose(removal) }
        #expect(group[1].membership.isRemoved(1) && group[1].node.role == .leader)
        while group[1].node.role == .leader {
            #expect(throws: ProposalError.notLeader) { try group.propose([1]) }
            group.tick()
        }
        #expect(group.news == ["leads 2", "pauses", "ends"])
    }

    @Test func `who followed a leader whose process died stands at once, in turn`() {
        var group = Trio(leader: 3)
        group.isLost = { $0.to == 3 }
        group.change(2) { $0.died(3) }
        group.change(1) { $0.died(3) }
        group.tick()
        #expect(group[1].node.role == .leader && group[1].node.term == 3)
    }
}
