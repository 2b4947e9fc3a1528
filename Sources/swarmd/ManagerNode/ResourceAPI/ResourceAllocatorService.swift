package import GRPCCore
package import Primitives
package import ReplicatedStore
import StoreCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Attaches containers that no service owns to networks of the cluster (SwarmKit `manager/resourceapi`).
///
/// The attachment is a task that runs nothing: it gets its addresses as other tasks do, on the node that calls.
package struct ResourceAllocatorService: SwarmResourceAllocator.SimpleServiceProtocol {
    private let store: ReplicatedStore
    private let now: @Sendable () -> Timestamp
    private let makeIdentifier: @Sendable () -> String

    /// Puts attachments into `store`, made at `now` under identifiers of `makeIdentifier`.
    package init(
        store: ReplicatedStore,
        now: @escaping @Sendable () -> Timestamp,
        makeIdentifier: @escaping @Sendable () -> String = ControlService.randomIdentifier
    ) {
        (self.store, self.now, self.makeIdentifier) = (store, now, makeIdentifier)
    }

    package func attachNetwork(
        request: SwarmAttachNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmAttachNetworkResponse {
        let node = try context.callingNode
        guard !request.config.target.isEmpty else { throw RPCError.missing("config.target") }
        let (id, now) = (self.makeIdentifier(), self.now())
        try await self.commit { transaction in
            let target = request.config.target
            guard let network = transaction.state.networks[target] ?? transaction.state.networks.named(target)
            else { throw RPCError.notFound(.network, target) }
            guard network.spec.attachable else {
                throw RPCError(
                    code: .permissionDenied,
                    message: "network \(target) not manually attachable"
                )
            }
            try transaction.create(Self.attachment(id, to: network, on: node, request, at: now))
        }
        return .with { $0.attachmentID = id }
    }

    package func detachNetwork(
        request: SwarmDetachNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmDetachNetworkResponse {
        guard !request.attachmentID.isEmpty else { throw RPCError.missing("attachment_id") }
        let node = try context.callingNode
        try await self.commit { transaction in
            let id = request.attachmentID
            guard let task = transaction.state.tasks[id] else {
                throw RPCError(code: .notFound, message: "attachment \(id) not found")
            }
            // Only attachments go this way: a node may not remove a service's task, though it runs it.
            guard task.nodeID == node, case .attachment? = task.spec.runtime else {
                throw RPCError(
                    code: .permissionDenied,
                    message: "attachment \(id) doesn't belong to this node"
                )
            }
            try transaction.remove(SwarmTask.self, id: id)
        }
        return SwarmDetachNetworkResponse()
    }

    private static func attachment(
        _ id: String,
        to network: SwarmNetwork,
        on node: String,
        _ request: SwarmAttachNetworkRequest,
        at now: Timestamp
    ) -> SwarmTask {
        .with {
            $0.id = id
            $0.nodeID = node
            $0.spec.attachment.containerID = request.containerID
            $0.spec.networks = [
                .with {
                    $0.target = network.id
                    $0.addresses = request.config.addresses
                }
            ]
            $0.status.state = .new
            $0.status.message = "created"
            $0.status.timestamp = now.protobuf
            $0.desiredState = .running
        }
    }

    private func commit<Result: Sendable>(
        _ body: @Sendable (inout Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await self.store.update(body)
        } catch let error as StoreError {
            throw RPCError(error)
        } catch let error as ProposalError {
            throw RPCError(error)
        }
    }
}
