package import GRPCCore
package import SwarmAPI
import Primitives
import StoreCore
import SwiftProtobuf

extension ControlService {
    package func getService(
        request: SwarmGetServiceRequest,
        context: ServerContext
    ) async throws -> SwarmGetServiceResponse {
        var service: SwarmService = try await self.find(
            request.serviceID,
            in: self.state,
            field: "service_id"
        )
        if request.insertDefaults { service.spec = ServiceDefaults.inserted(into: service.spec) }
        return .with { $0.service = service }
    }

    package func listServices(
        request: SwarmListServicesRequest,
        context: ServerContext
    ) async throws -> SwarmListServicesResponse {
        let filters = request.filters
        let services = try await self.state.services.all.filter { service in
            ListFilters.matches(
                name: service.spec.annotations.name,
                id: service.id,
                labels: service.spec.annotations.labels,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes,
                wanted: filters.labels
            ) && TaskView.matches(service.spec.task, runtimes: filters.runtimes)
        }
        return .with { $0.services = services }
    }

    package func listServiceStatuses(
        request: SwarmListServiceStatusesRequest,
        context: ServerContext
    ) async throws -> SwarmListServiceStatusesResponse {
        let state = try await self.state
        return .with { response in
            response.statuses = request.services.map { ServiceStatusCount.status(of: $0, in: state) }
        }
    }

    package func createService(
        request: SwarmCreateServiceRequest,
        context: ServerContext
    ) async throws -> SwarmCreateServiceResponse {
        guard request.hasSpec else { throw RPCError.missing("spec") }
        let spec = request.spec
        try ServiceSpecValidation.check(spec)
        try ServiceSpecValidation.checkAvailable(spec)
        let (id, now) = (self.makeIdentifier(), self.now())
        let service = try await self.commit { transaction in
            try PortConflict.check(spec, of: id, among: transaction.state.services.all)
            try ReferenceValidation.check(spec, in: transaction.state)
            let service = SwarmService.with {
                $0.id = id
                $0.spec = ReferenceValidation.resolved(spec, in: transaction.state)
                // Present and zero: the first spec's version.
                $0.specVersion = SwarmVersion()
                if spec.isJob { $0.jobStatus.lastExecution = now.protobuf }
            }
            do {
                return try transaction.add(service)
            } catch StoreError.nameConflict {
                throw RPCError(
                    code: .alreadyExists,
                    message: "\(RPCError.nameConflictText): service \(spec.annotations.name) already exists"
                )
            }
        }
        return .with { $0.service = service }
    }

    package func updateService(
        request: SwarmUpdateServiceRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateServiceResponse {
        guard !request.serviceID.isEmpty else { throw RPCError.missing("service_id") }
        guard request.hasServiceVersion else { throw RPCError.missing("service_version") }
        guard request.hasSpec else { throw RPCError.missing("spec") }
        try ServiceSpecValidation.check(request.spec)
        let now = self.now()
        let service = try await self.commit { transaction in
            var request = request
            request.spec = ReferenceValidation.resolved(request.spec, in: transaction.state)
            let spec = request.spec
            let old: SwarmService = try transaction.find(request.serviceID)
            if spec.hasEndpoint && spec.endpoint != old.spec.endpoint {
                try PortConflict.check(spec, of: old.id, among: transaction.state.services.all)
            }
            try ReferenceValidation.check(spec, in: transaction.state)
            try ServiceUpdate.check(spec, instead: old.spec)
            try ServiceSpecValidation.checkAvailable(spec)
            return try transaction.replace(try ServiceUpdate.applied(request, to: old, now: now))
        }
        return .with { $0.service = service }
    }

    package func removeService(
        request: SwarmRemoveServiceRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveServiceResponse {
        guard !request.serviceID.isEmpty else { throw RPCError.missing("service_id") }
        try await self.commit { transaction in
            try transaction.remove(SwarmService.self, id: request.serviceID)
        }
        return SwarmRemoveServiceResponse()
    }
}
