import GRPCCore
import RaftCore
import Replication

extension RaftReceiver {
    /// Throws if what `peer` sends as the member `id` is to be refused.
    ///
    /// A member that was removed is told so; anyone but the node of the member gets `PERMISSION_DENIED`. One that the
    /// group does not name here may be newer than what this member has of the log: it may send all that needs no
    /// membership, as in SwarmKit, unless the leader, who would know, says that its node is no manager any more.
    func admit(
        _ id: RaftID,
        from peer: PeerIdentity,
        isDemoted: (String) -> Bool = { _ in false }
    ) throws(RPCError) {
        guard !self.isRemoved(id) else { throw KnownError.removed }
        guard let node = self.node(of: id) else {
            guard let caller = peer.nodeID, isDemoted(caller) else { return }
            throw RPCError(
                code: .permissionDenied,
                message: "Permission denied: node \(caller) is no longer a manager"
            )
        }
        guard node != peer.nodeID else { return }
        throw RPCError(
            code: .permissionDenied,
            message: "raft: the caller is not the node of the member that it sends for"
        )
    }
}
