package import GRPCCore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

/// Extensions: kinds of objects that users register (SwarmKit `controlapi/extension.go`).
extension ControlService {
    /// How many resources a refusal names.
    private static let namedResources = 10

    package func createExtension(
        request: SwarmCreateExtensionRequest,
        context: ServerContext
    ) async throws -> SwarmCreateExtensionResponse {
        let name = request.annotations.name
        guard !name.isEmpty else { throw RPCError.invalid("extension name must be provided") }
        let taken = RPCError(code: .alreadyExists, message: "extension \(name) already exists")
        // A watcher could not tell its objects from the built-in ones.
        guard ObjectKind(rawValue: name) == nil else { throw taken }
        let id = self.makeIdentifier()
        let created = try await self.commit { transaction in
            let new = SwarmExtension.with {
                $0.id = id
                $0.annotations = request.annotations
                $0.description_p = request.description_p
            }
            do { return try transaction.add(new) } catch StoreError.nameConflict { throw taken }
        }
        return .with { $0.extension = created }
    }

    package func getExtension(
        request: SwarmGetExtensionRequest,
        context: ServerContext
    ) async throws -> SwarmGetExtensionResponse {
        guard !request.extensionID.isEmpty else { throw RPCError.invalid("extension ID must be provided") }
        let found: SwarmExtension = try await self.find(
            request.extensionID,
            in: self.state,
            field: "extension_id"
        )
        return .with { $0.extension = found }
    }

    /// SwarmKit compares resources' kinds with the extension's identifier, and so removes what is in use.
    package func removeExtension(
        request: SwarmRemoveExtensionRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveExtensionResponse {
        guard !request.extensionID.isEmpty else { throw RPCError.invalid("extension ID must be provided") }
        try await self.commit { transaction in
            guard let found = transaction.state.extensions[request.extensionID] else {
                throw RPCError(code: .notFound, message: "could not find extension \(request.extensionID)")
            }
            let kind = found.annotations.name.lowercased()
            let users = transaction.state.resources.all.filter { $0.kind.lowercased() == kind }
            guard users.isEmpty else { throw Self.inUse(found, by: users) }
            try transaction.remove(SwarmExtension.self, id: found.id)
        }
        return SwarmRemoveExtensionResponse()
    }

    private static func inUse(_ used: SwarmExtension, by users: [SwarmResource]) -> RPCError {
        let names = users.map(\.annotations.name).sorted()
        let rest = names.count > Self.namedResources ? ", ..." : ""
        return .invalid(
            "extension '\(used.annotations.name)' is in use by the following "
                + "\(names.count == 1 ? "resource" : "resources"): "
                + names.prefix(Self.namedResources).joined(separator: ", ") + rest
        )
    }
}
