package import GRPCCore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

/// Resources: objects of the kinds that extensions are (SwarmKit `controlapi/resource.go`).
extension ControlService {
    package func createResource(
        request: SwarmCreateResourceRequest,
        context: ServerContext
    ) async throws -> SwarmCreateResourceResponse {
        let name = request.annotations.name
        guard !name.isEmpty else { throw RPCError.invalid("Resource must have a name") }
        guard !request.kind.isEmpty else { throw RPCError.invalid("Resource must belong to an Extension") }
        let id = self.makeIdentifier()
        let resource = try await self.commit { transaction in
            guard transaction.state.hasExtension(request.kind) else {
                throw RPCError.invalid("Kind \(request.kind) is not registered")
            }
            let new = SwarmResource.with {
                $0.id = id
                $0.annotations = request.annotations
                $0.kind = request.kind
                if request.hasPayload { $0.payload = request.payload }
            }
            do { return try transaction.add(new) } catch StoreError.nameConflict {
                throw RPCError(code: .alreadyExists, message: "A resource with name \(name) already exists")
            }
        }
        return .with { $0.resource = resource }
    }

    package func getResource(
        request: SwarmGetResourceRequest,
        context: ServerContext
    ) async throws -> SwarmGetResourceResponse {
        guard !request.resourceID.isEmpty else { throw RPCError.invalid("resource ID must be present") }
        let resource: SwarmResource = try await self.find(
            request.resourceID,
            in: self.state,
            field: "resource_id"
        )
        return .with { $0.resource = resource }
    }

    /// Annotations and payload that are absent stay as they are.
    package func updateResource(
        request: SwarmUpdateResourceRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateResourceResponse {
        guard !request.resourceID.isEmpty, request.hasResourceVersion else {
            throw RPCError.invalid("must include ID and version")
        }
        let resource = try await self.commit { transaction in
            var resource: SwarmResource = try transaction.find(request.resourceID)
            if request.hasAnnotations {
                guard resource.annotations.name == request.annotations.name else {
                    throw RPCError.invalid("cannot change resource name")
                }
                resource.annotations = request.annotations
            }
            resource.meta.version = request.resourceVersion
            if request.hasPayload { resource.payload = request.payload }
            // Of all updates this is the one whose sequence SwarmKit calls an invalid argument.
            do { return try transaction.replace(resource) } catch StoreError.outOfSequence {
                throw RPCError.invalid("update out of sequence")
            }
        }
        return .with { $0.resource = resource }
    }

    package func listResources(
        request: SwarmListResourcesRequest,
        context: ServerContext
    ) async throws -> SwarmListResourcesResponse {
        let filters = request.filters
        let resources = try await self.state.resources.all.filter { resource in
            ListFilters.matchesAny(
                name: resource.annotations.name,
                id: resource.id,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes
            ) && ListFilters.labels(resource.annotations.labels, include: filters.labels)
                && (filters.kind.isEmpty || resource.kind == filters.kind)
        }
        return .with { $0.resources = resources }
    }

    package func removeResource(
        request: SwarmRemoveResourceRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveResourceResponse {
        guard !request.resourceID.isEmpty else { throw RPCError.invalid("resource ID must be present") }
        try await self.commit { transaction in
            try transaction.remove(SwarmResource.self, id: request.resourceID)
        }
        return SwarmRemoveResourceResponse()
    }
}

extension StoreState {
    /// Whether objects of that kind may be made: an extension is called so, in any case.
    fileprivate func hasExtension(_ kind: String) -> Bool {
        let kind = kind.lowercased()
        return self.extensions.all.contains { $0.annotations.name.lowercased() == kind }
    }
}
