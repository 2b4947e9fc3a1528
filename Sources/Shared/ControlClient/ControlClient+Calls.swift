package import GRPCCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

extension ControlClient {
    /// How long any one request may take.
    package static let requestLimit = Duration.seconds(20)
    /// How long the manager's status, which only adorns an answer, is waited for.
    package static let statusLimit = Duration.seconds(2)
    /// How long a preview is waited for: the operator can go on without.
    package static let previewLimit = Duration.seconds(5)
    /// The largest answer that is read: a listing of some 50,000 tasks.
    package static let answerLimit = 256 << 20

    /// The options of one request with an answer.
    package static var requestOptions: CallOptions {
        var options = Self.streamOptions
        options.timeout = Self.requestLimit
        return options
    }

    /// The options of a stream, which ends with its reader.
    package static var streamOptions: CallOptions {
        var options = CallOptions.defaults
        // The transport limits what a client reads by the field that is named for requests.
        options.maxRequestMessageBytes = Self.answerLimit
        return options
    }

    /// Runs one request and puts its failure into words.
    func call<Answer: Sendable>(
        _ body: (SwarmControl.Client<Transport>, CallOptions) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body(self.control, Self.requestOptions)
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// The clusters that the manager knows: one.
    package func clusters() async throws -> [SwarmCluster] {
        try await self.call { try await $0.listClusters(.init(), options: $1) }.clusters
    }

    /// The nodes that pass `filters`, all without.
    package func nodes(_ filters: SwarmListNodesRequest.Filters? = nil) async throws -> [SwarmNode] {
        let request = SwarmListNodesRequest.with { if let filters { $0.filters = filters } }
        return try await self.call { try await $0.listNodes(request, options: $1) }.nodes
    }

    /// The services that pass `filters`, all without.
    package func services(_ filters: SwarmListServicesRequest.Filters? = nil) async throws -> [SwarmService] {
        let request = SwarmListServicesRequest.with { if let filters { $0.filters = filters } }
        return try await self.call { try await $0.listServices(request, options: $1) }.services
    }

    /// The tasks that pass `filters`, all without.
    package func tasks(_ filters: SwarmListTasksRequest.Filters? = nil) async throws -> [SwarmTask] {
        let request = SwarmListTasksRequest.with { if let filters { $0.filters = filters } }
        return try await self.call { try await $0.listTasks(request, options: $1) }.tasks
    }

    /// The service with this id, with SwarmKit's defaults filled in where asked.
    package func service(id: String, insertDefaults: Bool = false) async throws -> SwarmService {
        let request = SwarmGetServiceRequest.with {
            $0.serviceID = id
            $0.insertDefaults = insertDefaults
        }
        return try await self.call { try await $0.getService(request, options: $1) }.service
    }

    /// How many tasks of these services are wanted, run and are complete.
    package func serviceStatuses(
        ids: [String]
    ) async throws -> [SwarmListServiceStatusesResponse.ServiceStatus] {
        let request = SwarmListServiceStatusesRequest.with { $0.services = ids }
        return try await self.call { try await $0.listServiceStatuses(request, options: $1) }.statuses
    }

    /// Creates a service.
    package func create(_ spec: SwarmServiceSpec) async throws -> SwarmService {
        let request = SwarmCreateServiceRequest.with { $0.spec = spec }
        return try await self.call { try await $0.createService(request, options: $1) }.service
    }

    /// Gives a service the spec that `service` holds; refused when it changed since it was read.
    package func update(
        _ service: SwarmService,
        rollback: SwarmUpdateServiceRequest.Rollback = .none
    ) async throws -> SwarmService {
        let request = SwarmUpdateServiceRequest.with {
            $0.serviceID = service.id
            $0.serviceVersion = service.meta.version
            $0.spec = service.spec
            $0.rollback = rollback
        }
        return try await self.call { try await $0.updateService(request, options: $1) }.service
    }

    /// Removes the service with this id; its tasks end after it.
    package func removeService(id: String) async throws {
        let request = SwarmRemoveServiceRequest.with { $0.serviceID = id }
        _ = try await self.call { try await $0.removeService(request, options: $1) }
    }

    /// Gives a node the spec that `node` holds; refused when it changed since it was read.
    package func update(_ node: SwarmNode) async throws -> SwarmNode {
        let request = SwarmUpdateNodeRequest.with {
            $0.nodeID = node.id
            $0.nodeVersion = node.meta.version
            $0.spec = node.spec
        }
        return try await self.call { try await $0.updateNode(request, options: $1) }.node
    }

    /// Removes the node with this id; `force` also one that is up.
    package func removeNode(id: String, force: Bool) async throws {
        let request = SwarmRemoveNodeRequest.with {
            $0.nodeID = id
            $0.force = force
        }
        _ = try await self.call { try await $0.removeNode(request, options: $1) }
    }

    /// Makes the manager with this id the leader; returns when it leads.
    package func transferLeadership(to nodeID: String) async throws {
        let request = SwarmdTransferLeadershipRequest.with { $0.nodeID = nodeID }
        do {
            _ = try await self.console.transferLeadership(request, options: Self.requestOptions)
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// The manager's status at this moment; nil from a manager that has no console service.
    package func status() async throws -> SwarmdConsoleStatus? {
        var options = Self.streamOptions
        options.timeout = Self.statusLimit
        do {
            return try await self.console.status(.init(), options: options) { response in
                for try await status in response.messages { return status }
                return nil
            }
        } catch let error as RPCError where error.code == .unimplemented || error.code == .deadlineExceeded {
            return nil
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// What changes would do, were they made now; nil from a manager that cannot say.
    package func preview(_ request: SwarmdPreviewRequest) async throws -> SwarmdPreviewResponse? {
        var options = Self.requestOptions
        options.timeout = Self.previewLimit
        do {
            return try await self.console.preview(request, options: options)
        } catch let error as RPCError where error.code == .unimplemented || Self.isUnknown(error) {
            return nil
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// A daemon of before says of a call that it does not know what it says of one it does not serve yet.
    private static func isUnknown(_ error: RPCError) -> Bool {
        error.message.hasPrefix("This node is not a swarm manager")
    }
}
