import GRPCCore
import StoreCore
import SwarmAPI

/// Whether a node may take another role.
enum RoleChange {
    /// Refuses the demotion of the last manager, of one that the group does not know, and one that would
    /// cost the group its quorum (SwarmKit `controlapi/node.go`, `UpdateNode`).
    static func check(
        of node: SwarmNode,
        to role: SwarmNodeRole,
        in state: StoreState,
        members: [SwarmRaftMember]
    ) throws(RPCError) {
        switch (node.spec.desiredRole, role) {
        case (.manager, .worker): try Self.checkDemotion(of: node, in: state, members: members)
        case (_, .UNRECOGNIZED(let number)): throw .invalid("desired_role: \(number) is no role")
        default: return
        }
    }

    private static func checkDemotion(
        of node: SwarmNode,
        in state: StoreState,
        members: [SwarmRaftMember]
    ) throws(RPCError) {
        let managers = state.nodes.all.filter { $0.role == .manager }
        if managers.map(\.id) == [node.id] {
            throw .precondition("attempting to demote the last manager of the swarm")
        }
        guard let member = members.first(where: { $0.nodeID == node.id }) else {
            throw RPCError(code: .notFound, message: "can't find manager in raft memberlist")
        }
        guard Self.keepsQuorum(members, without: member) else {
            throw .precondition(
                "can't remove member from the raft: this would result in a loss of quorum"
            )
        }
    }

    /// Tells whether those that stay and can be reached are a majority of those that stay.
    static func keepsQuorum(_ members: [SwarmRaftMember], without leaving: SwarmRaftMember) -> Bool {
        let staying = members.filter { $0.raftID != leaving.raftID }
        let reachable = staying.count { $0.status.leader || $0.status.reachability == .reachable }
        return reachable >= staying.count / 2 + 1
    }
}
