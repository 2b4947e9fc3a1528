package import GRPCCore
package import SwarmAPI
import FoundationEssentials
import StoreCore
import SwiftProtobuf

/// Configs: as secrets, but no secret; answers carry the data.
extension ControlService {
    package func getConfig(
        request: SwarmGetConfigRequest,
        context: ServerContext
    ) async throws -> SwarmGetConfigResponse {
        guard !request.configID.isEmpty else { throw RPCError.invalid("config ID must be provided") }
        let config: SwarmConfig = try await self.find(request.configID, in: self.state, field: "config_id")
        return .with { $0.config = config }
    }

    package func listConfigs(
        request: SwarmListConfigsRequest,
        context: ServerContext
    ) async throws -> SwarmListConfigsResponse {
        let filters = request.filters
        let configs = try await self.state.configs.all.filter { config in
            ListFilters.matchesAny(
                name: config.spec.annotations.name,
                id: config.id,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes
            ) && ListFilters.labels(config.spec.annotations.labels, include: filters.labels)
        }
        return .with { $0.configs = configs }
    }

    package func createConfig(
        request: SwarmCreateConfigRequest,
        context: ServerContext
    ) async throws -> SwarmCreateConfigResponse {
        guard request.hasSpec else { throw RPCError.missing("spec") }
        try PayloadValidation.check(request.spec)
        let id = self.makeIdentifier()
        let config = try await self.commit { transaction in
            let config = SwarmConfig.with {
                $0.id = id
                $0.spec = request.spec
            }
            do {
                return try transaction.add(config)
            } catch StoreError.nameConflict {
                throw RPCError(
                    code: .alreadyExists,
                    message: "config \(request.spec.annotations.name) already exists"
                )
            }
        }
        return .with { $0.config = config }
    }

    package func updateConfig(
        request: SwarmUpdateConfigRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateConfigResponse {
        guard !request.configID.isEmpty else { throw RPCError.missing("config_id") }
        guard request.hasConfigVersion else { throw RPCError.missing("config_version") }
        guard request.hasSpec else { throw RPCError.missing("spec") }
        let config = try await self.commit { transaction in
            var config: SwarmConfig = try transaction.find(request.configID)
            let (old, new) = (config.spec, request.spec)
            guard old.annotations.name == new.annotations.name,
                new.data.isEmpty || new.data == old.data
            else { throw RPCError.invalid("only updates to Labels are allowed") }
            config.meta.version = request.configVersion
            config.spec.annotations.labels = new.annotations.labels
            return try transaction.replace(config)
        }
        return .with { $0.config = config }
    }

    package func removeConfig(
        request: SwarmRemoveConfigRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveConfigResponse {
        guard !request.configID.isEmpty else { throw RPCError.invalid("config ID must be provided") }
        try await self.commit { transaction in
            guard let config = transaction.state.configs[request.configID] else {
                throw RPCError(code: .notFound, message: "could not find config \(request.configID)")
            }
            let users = transaction.state.services.find(.config(config.id))
            guard users.isEmpty else {
                throw PayloadValidation.inUse("config", config.spec.annotations.name, by: users)
            }
            try transaction.remove(SwarmConfig.self, id: config.id)
        }
        return SwarmRemoveConfigResponse()
    }
}
