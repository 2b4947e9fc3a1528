import Primitives
import RaftCore
import Testing

@Suite struct QuorumTests {
    /// The highest index with a majority, counted one by one.
    private func counted(_ voters: RaftIDSet, _ indexes: [UInt64]) -> UInt64 {
        guard !voters.isEmpty else { return .max }
        var best: UInt64 = 0
        for candidate in 1...20 as ClosedRange<UInt64> {
            let holders = voters.elements.count { indexes[Int($0.rawValue)] >= candidate }
            if holders > voters.count / 2 { best = candidate }
        }
        return best
    }

    @Test func `the committed index is what counting gives, in single and joint groups`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            func some() -> RaftIDSet {
                RaftIDSet((0..<10).filter { _ in Bool.random(using: &generator) }.map(RaftID.init(rawValue:)))
            }
            let joint = JointMajority(incoming: some(), outgoing: some())
            let indexes = (0..<10).map { _ in UInt64.random(in: 0...20, using: &generator) }
            let wanted = min(
                self.counted(joint.incoming.voters, indexes),
                self.counted(joint.outgoing.voters, indexes)
            )
            #expect(joint.committedIndex { indexes[Int($0.rawValue)] } == wanted)
        }
    }

    @Test func `votes decide as soon as they can, and never otherwise`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            let size = Int.random(in: 1...9, using: &generator)
            let voters = RaftIDSet((1...UInt64(size)).map(RaftID.init(rawValue:)))
            let votes = (0...size).map { _ -> Bool? in
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: true
                case 1: false
                default: nil
                }
            }
            let granted = votes.dropFirst().count { $0 == true }
            let missing = votes.dropFirst().count { $0 == nil }
            let wanted: VoteOutcome =
                granted > size / 2 ? .won : granted + missing > size / 2 ? .pending : .lost
            #expect(Majority(voters).outcome { votes[Int($0.rawValue)] } == wanted)
        }
    }

    /// Chance changes of chance groups: what a joint configuration does in one go, single changes do in many.
    @Test func `a joint change comes to the same group as its single changes`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            var one = MemberTracker(maxInflightMessages: 10)
            for id in 1...3 as ClosedRange<UInt64> {
                try one.simple([.init(.addVoter, RaftID(rawValue: id))], lastIndex: 9)
            }
            var other = one
            // Voter 1 stays, so that somebody always votes.
            let changes = (0..<5).map { _ -> ConfigurationChange.Change in
                let node = RaftID(rawValue: UInt64.random(in: 2...6, using: &generator))
                let kinds: [ConfigurationChange.Kind] = [.addVoter, .addLearner, .remove, .update]
                return .init(kinds.randomElement(using: &generator) ?? .update, node)
            }
            try one.enterJoint(changes, autoLeave: false, lastIndex: 9)
            try one.leaveJoint()
            for change in changes { try other.simple([change], lastIndex: 9) }
            #expect(one.membership == other.membership)
        }
    }

    @Test func `a group that a snapshot tells is the group that was told`() throws {
        let states = [
            ConfigurationState(), ConfigurationState(voters: [1, 2, 3]),
            ConfigurationState(voters: [1, 2, 3], learners: [4, 5, 6]),
            ConfigurationState(
                voters: [1, 2, 3],
                votersOutgoing: [1, 2, 4, 6],
                learners: [5],
                learnersNext: [4]
            ),
            ConfigurationState(voters: [1], votersOutgoing: [2], autoLeave: true),
        ]
        for state in states {
            var tracker = MemberTracker(maxInflightMessages: 10)
            try tracker.restore(state, lastIndex: 7)
            #expect(tracker.membership.state == state)
        }
    }

    @Test func `impossible groups are refused and change nothing`() {
        let states = [
            ConfigurationState(learners: [1]), ConfigurationState(voters: [1, 1]),
            ConfigurationState(voters: [1, 2], learners: [2]),
            ConfigurationState(voters: [1], learnersNext: [1]),
            ConfigurationState(voters: [1], autoLeave: true),
            ConfigurationState(voters: [1], votersOutgoing: [2], learnersNext: [3]),
        ]
        for state in states {
            var tracker = MemberTracker(maxInflightMessages: 10)
            #expect(throws: MembershipError.self) { try tracker.restore(state, lastIndex: 7) }
            #expect(tracker == MemberTracker(maxInflightMessages: 10))
        }
    }
}
