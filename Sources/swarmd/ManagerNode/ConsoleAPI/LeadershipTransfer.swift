import GRPCCore
import ReplicatedStore
import StoreCore
import SwarmAPI

/// Giving leadership to a manager that an operator names.
///
/// Proposals wait meanwhile: who cannot take over soon is refused before anything is done.
enum LeadershipTransfer {
    /// How many entries a member may be behind: they are sent within the time that a transfer may take.
    static let mostBehind: UInt64 = 1000

    /// Why the member with this `progress` cannot lead soon; nil when it can.
    ///
    /// `commit` is the leader's commit index.
    static func refusal(_ progress: PeerStatus?, commit: UInt64) -> String? {
        guard let progress else { return "nothing is known of it yet: try again in a moment" }
        if progress.isLearner { return "it has no vote yet: it is still catching up" }
        guard progress.isActive else { return "it does not answer" }
        if progress.progress == "snapshot" { return "it is still being sent the whole state" }
        let behind = commit > progress.match ? commit - progress.match : 0
        guard behind <= Self.mostBehind else {
            return "it is \(behind) entries behind: wait until it has caught up"
        }
        return nil
    }
}

extension ConsoleSources {
    /// Makes the manager `nodeID` the leader, if this one leads; throws what the caller hears where it does not.
    func transferLeadership(to nodeID: String) async throws(RPCError) {
        guard !nodeID.isEmpty else {
            throw RPCError(
                code: .invalidArgument,
                message: "node_id is empty: name the manager that is to lead"
            )
        }
        let state = await self.store.committed.state
        guard let node = state.nodes[nodeID] else {
            throw RPCError(code: .notFound, message: "no node has the id \(nodeID)")
        }
        let name = node.description_p.hostname.isEmpty ? nodeID : node.description_p.hostname
        guard let member = await self.members().first(where: { $0.nodeID == nodeID }) else {
            throw RPCError(
                code: .failedPrecondition,
                message: "node \(name) is no manager of the group: promote it first"
            )
        }
        if member.status.leader { return }
        let log = await self.logStatus()
        guard log.leader != 0, log.leader == log.member else {
            throw RPCError(code: .unavailable, message: "this manager does not lead: try again in a moment")
        }
        let progress = log.peers.first { $0.member == member.raftID }
        if let refusal = LeadershipTransfer.refusal(progress, commit: log.commitIndex) {
            throw RPCError(code: .failedPrecondition, message: "manager \(name) cannot lead: \(refusal)")
        }
        guard await self.handOver(member.raftID) else {
            throw RPCError(
                code: .aborted,
                message: "manager \(name) did not take over in time: the leader is the one before"
            )
        }
    }
}
