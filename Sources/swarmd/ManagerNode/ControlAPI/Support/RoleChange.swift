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
        // Those that are to be workers already are managers until the group has let them go.
        let managers = state.nodes.all.filter { $0.role == .manager }
        let leaving = Set(managers.filter { $0.spec.desiredRole == .worker }.map(\.id))
        guard managers.contains(where: { $0.id != node.id && !leaving.contains($0.id) }) else {
            throw .precondition("attempting to demote the last manager of the swarm")
        }
        guard let member = members.first(where: { $0.nodeID == node.id }) else {
            throw RPCError(code: .notFound, message: "can't find manager in raft memberlist")
        }
        let others = members.filter { !leaving.contains($0.nodeID) }
        guard Self.keepsQuorum(others, without: member) else {
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
