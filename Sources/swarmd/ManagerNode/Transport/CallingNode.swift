import GRPCCore

extension ServerContext {
    /// The node that makes this call; a caller that is no node is refused.
    var callingNode: String {
        get throws {
            guard let node = self.peer.nodeID, !node.isEmpty else {
                throw RPCError(
                    code: .permissionDenied,
                    message: "only a node of the cluster may call this: the caller has no node identity"
                )
            }
            return node
        }
    }
}
