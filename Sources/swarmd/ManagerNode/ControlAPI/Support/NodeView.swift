import SwarmAPI

/// How nodes are shown and found.
enum NodeView {
    /// The node with what the managers' group knows about it (SwarmKit `controlapi/node.go`, `GetNode`).
    static func node(_ node: SwarmNode, among members: [SwarmRaftMember]) -> SwarmNode {
        guard let member = members.first(where: { $0.nodeID == node.id }) else { return node }
        var node = node
        node.managerStatus.raftID = member.raftID
        node.managerStatus.addr = member.addr
        node.managerStatus.leader = member.status.leader
        node.managerStatus.reachability = member.status.reachability
        return node
    }

    /// A node's name is its host name; `labels` are its engine's, `node_labels` its spec's.
    static func node(_ node: SwarmNode, matches filters: SwarmListNodesRequest.Filters) -> Bool {
        ListFilters.matches(
            name: node.description_p.hostname,
            id: node.id,
            labels: node.description_p.engine.labels,
            names: filters.names,
            namePrefixes: filters.namePrefixes,
            idPrefixes: filters.idPrefixes,
            wanted: filters.labels
        )
            && ListFilters.labels(node.spec.annotations.labels, include: filters.nodeLabels)
            && ListFilters.matches(node.role, anyOf: filters.roles)
            && ListFilters.matches(node.spec.membership, anyOf: filters.memberships)
    }
}
