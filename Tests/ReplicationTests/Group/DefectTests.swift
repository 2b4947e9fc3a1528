import RaftCore
import Replication
import Testing

/// A log that is not what its member acknowledged.
struct DefectTests {
    @Test func `an older copy of a log is noticed when the leader speaks of what it lacks`() throws {
        var group = Trio(leader: 1)
        let copy = group[3]
        for number in 1...3 { _ = try group.propose([UInt8(number)]) }
        let (commit, last) = (group[1].node.commitIndex, copy.node.lastIndex)
        #expect(last == commit - 3)
        group.change(3) { $0 = copy }
        #expect(group[3].defect == nil)
        group.tick()
        #expect(group[3].defect == .commitBeyondLog(commit: commit, lastIndex: last))
    }

    @Test func `a member that was away has no defect`() throws {
        var group = Trio(leader: 1)
        group.isLost = { $0.to == 3 }
        for number in 1...3 { _ = try group.propose([UInt8(number)]) }
        group.isLost = { _ in false }
        group.tick()
        group.tick()
        #expect(group[3].defect == nil)
        #expect(group[3].node.lastIndex == group[1].node.lastIndex)
    }
}
