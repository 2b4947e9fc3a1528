import RaftCore
import ReplicatedStore
import Replication
import Testing

/// When followers hear how far the group has committed.
struct NoticeTests {
    @Test func `a commit is told with the next entries, in no message of its own`() throws {
        var group = Trio(leader: 1)
        group.tick()
        var appends = 0
        group.onMessage = { if $0.kind == .append, $0.to == 2 { appends += 1 } }
        let first = try group.propose([1])
        #expect(group[1].node.commitIndex == first)
        #expect(group[2].node.commitIndex == first - 1)
        let second = try group.propose([2])
        #expect(group[1].node.commitIndex == second)
        #expect(group[2].node.commitIndex == first)
        #expect(appends == 2)
    }

    @Test func `when nothing follows, the next tick tells it`() throws {
        var group = Trio(leader: 1)
        let index = try group.propose([1])
        #expect(group[1].unsaidCommit == index)
        group.tick()
        #expect(group[1].unsaidCommit == nil)
        #expect(group[2].node.commitIndex == index && group[3].node.commitIndex == index)
    }

    @Test func `the shell can tell it at once`() throws {
        var group = Trio(leader: 1)
        let index = try group.propose([1])
        group.change { $0.sendNotices() }
        #expect(group[2].node.commitIndex == index && group[3].node.commitIndex == index)
    }

    @Test func `a follower that reads is told at once`() throws {
        var group = Trio(leader: 1)
        let index = try group.propose([1])
        group.change(2) { $0.read([77]) }
        #expect(group[2].node.commitIndex == index)
    }

    @Test func `a leader that lost its office tells nothing any more`() throws {
        var group = Trio(leader: 1)
        _ = try group.propose([1])
        #expect(group[1].unsaidCommit != nil)
        group.change { $0.transferLeadership(to: 2) }
        #expect(group[2].node.role == .leader)
        #expect(group[1].unsaidCommit == nil)
    }
}
