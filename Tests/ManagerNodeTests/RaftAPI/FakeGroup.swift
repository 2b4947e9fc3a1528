import RaftCore
import Replication
import ReplicatedStore
import SwarmAPI
import Synchronization

/// A group that changes as it is told.
final class FakeGroup: GroupMembership {
    enum Change: Equatable {
        case added(UInt64, node: String, address: String, asLearner: Bool)
        case updated(UInt64, address: String)
        case removed(UInt64)
    }

    struct State {
        var group = SwarmClusterSnapshot()
        var isLeader = true
        var canRemove = true
        /// Errors of the next changes.
        var refusals: [ProposalError] = []
        var changes: [Change] = []
        var underWay = 0
    }

    let state: Mutex<State>

    /// A group that member 1 leads, with member 2 beside it; identifier 3 is used up.
    init(_ configure: (inout State) -> Void = { _ in }) {
        var state = State()
        state.group.members = [PeerLab.member(1, port: 4001), PeerLab.member(2, port: 4002)]
        state.group.removed = [3]
        configure(&state)
        self.state = Mutex(state)
    }

    var isLeader: Bool { self.state.withLock { $0.isLeader } }
    var membership: MemberList { MemberList(self.state.withLock { $0.group }) }
    var changes: [Change] { self.state.withLock { $0.changes } }

    var members: [SwarmRaftMember] {
        self.state.withLock { state in
            var members = state.group.members
            members[state.isLeader ? 0 : 1].status.leader = true
            return members
        }
    }

    func add(_ member: SwarmRaftMember, asLearner: Bool) async throws(ProposalError) {
        try await self.change { state in
            state.group.members.append(member)
            state.changes.append(
                .added(member.raftID, node: member.nodeID, address: member.addr, asLearner: asLearner)
            )
        }
    }

    func update(_ member: SwarmRaftMember) async throws(ProposalError) {
        try await self.change { state in
            state.group.members.removeAll { $0.raftID == member.raftID }
            state.group.members.append(member)
            state.changes.append(.updated(member.raftID, address: member.addr))
        }
    }

    func remove(_ id: RaftID) async throws(ProposalError) {
        try await self.change { state in
            state.group.members.removeAll { $0.raftID == id.rawValue }
            state.group.removed.append(id.rawValue)
            state.changes.append(.removed(id.rawValue))
        }
    }

    func canRemove(_ id: RaftID) -> Bool { self.state.withLock { $0.canRemove } }

    /// Like the real one it takes one change at a time.
    private func change(_ body: @Sendable (inout State) -> Void) async throws(ProposalError) {
        let refusal: ProposalError? = self.state.withLock { state in
            if !state.refusals.isEmpty { return state.refusals.removeFirst() }
            guard state.underWay == 0 else { return .closed }
            state.underWay += 1
            return nil
        }
        if let refusal { throw refusal }
        for _ in 0..<10 { await Task.yield() }
        self.state.withLock { state in
            state.underWay -= 1
            body(&state)
        }
    }
}
