package import GRPCCore
package import SwarmAPI
import Orchestration
import Primitives
import StoreCore
import SwiftProtobuf

extension ControlService {
    package func getNode(
        request: SwarmGetNodeRequest,
        context: ServerContext
    ) async throws -> SwarmGetNodeResponse {
        let node: SwarmNode = try await self.find(request.nodeID, in: self.state, field: "node_id")
        let members = await self.members()
        return .with { $0.node = NodeView.node(node, among: members) }
    }

    package func listNodes(
        request: SwarmListNodesRequest,
        context: ServerContext
    ) async throws -> SwarmListNodesResponse {
        let nodes = try await self.state.nodes.all
        let members = await self.members()
        return .with { response in
            response.nodes = nodes.filter { NodeView.node($0, matches: request.filters) }
                .map { NodeView.node($0, among: members) }
        }
    }

    package func updateNode(
        request: SwarmUpdateNodeRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateNodeResponse {
        guard !request.nodeID.isEmpty else { throw RPCError.missing("node_id") }
        guard request.hasNodeVersion else { throw RPCError.missing("node_version") }
        guard request.hasSpec else { throw RPCError.missing("spec") }
        if let fault = PaceLabels.fault(in: request.spec) { throw RPCError.invalid("labels: \(fault)") }
        let members = await self.members()
        let node = try await self.commit { transaction in
            var node: SwarmNode = try transaction.find(request.nodeID)
            try RoleChange.check(
                of: node,
                to: request.spec.desiredRole,
                in: transaction.state,
                members: members
            )
            node.meta.version = request.nodeVersion
            node.spec = request.spec
            return try transaction.replace(node)
        }
        return .with { $0.node = node }
    }

    package func removeNode(
        request: SwarmRemoveNodeRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveNodeResponse {
        guard !request.nodeID.isEmpty else { throw RPCError.missing("node_id") }
        let members = await self.members()
        let now = self.now()
        try await self.commit { transaction in
            let node: SwarmNode = try transaction.find(request.nodeID)
            try NodeRemoval.check(node, force: request.force, members: members)
            try NodeRemoval.blacklist(node, in: &transaction, now: now)
            try NodeRemoval.orphanTasks(of: node, in: &transaction, now: now)
            try transaction.remove(SwarmNode.self, id: node.id)
        }
        return SwarmRemoveNodeResponse()
    }
}
