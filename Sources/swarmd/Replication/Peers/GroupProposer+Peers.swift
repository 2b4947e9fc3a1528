package import RaftCore
import SwarmAPI
import Synchronization

extension GroupProposer: RaftReceiver {
    package func isRemoved(_ id: RaftID) -> Bool { self.membership.isRemoved(id) }

    package func learn(_ id: RaftID, node: String, at address: String, term: UInt64) {
        guard self.transport.address(of: id) != address else { return }
        guard self.state.withLock({ $0.member.believes(node, as: id, in: term) }) else { return }
        self.transport.learn(id, at: address)
    }

    package func seek(_ id: RaftID, term: UInt64) {
        guard self.transport.address(of: id) == nil else { return }
        // Members of the group have addresses: this one is newer than what this member has of the log.
        guard self.state.withLock({ $0.member.believes("", as: id, in: term) }) else { return }
        self.transport.seek(id)
    }

    package func node(of id: RaftID) -> String? { self.membership.member(id)?.nodeID }

    package func address(of id: RaftID) -> String? { self.membership.member(id)?.addr }
}

extension GroupProposer: GroupMembership {}
