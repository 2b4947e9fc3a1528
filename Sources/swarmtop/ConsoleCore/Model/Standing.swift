import SwarmAPI

/// Whether the node that is asked is a manager: one that is none any more knows nothing of the group.
enum Standing: Sendable, Equatable {
    case manager
    /// A worker, or about to be one.
    case worker
    /// The cluster does not know the node any more.
    case removed

    /// What the daemon's refusal says.
    init(refusal: String) {
        if refusal.contains("does not know it any more") {
            self = .removed
        } else if refusal.hasPrefix("This node is not a swarm manager: a worker") {
            self = .worker
        } else {
            self = .manager
        }
    }
}

extension Model {
    /// What the node that is asked is, as far as the console was told.
    var standing: Standing {
        if case .stale(_, let reason) = self.link {
            let standing = Standing(refusal: reason)
            if standing != .manager { return standing }
        }
        return self.cluster.isOutsideGroup ? .worker : .manager
    }
}

extension ClusterState {
    /// Whether what the answering node says of the managers' group is not to be believed: the group let it go.
    var isOutsideGroup: Bool {
        guard let status = self.status, !status.nodeID.isEmpty, !status.raft.members.isEmpty else {
            return false
        }
        let members = status.raft.members
        guard members.contains(where: { $0.nodeID == status.nodeID }) else { return true }
        guard let own = self.nodes[status.nodeID], own.gone == nil, !own.wantsManager else { return false }
        // As long as it has a majority and a leader it is one of them all the same.
        let voters = members.filter { !$0.learner }
        let group = Quorum(managers: voters.count, reachable: voters.count(where: \.reachable))
        return status.raft.leaderID.isEmpty || !group.isHeld
    }
}
