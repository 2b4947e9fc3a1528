package import GRPCCore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

extension ControlService {
    package func getNetwork(
        request: SwarmGetNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmGetNetworkResponse {
        let network: SwarmNetwork = try await self.find(
            request.networkID,
            in: self.state,
            field: "network_id"
        )
        return .with { $0.network = network }
    }

    package func listNetworks(
        request: SwarmListNetworksRequest,
        context: ServerContext
    ) async throws -> SwarmListNetworksResponse {
        let filters = request.filters
        let networks = try await self.state.networks.all.filter { network in
            ListFilters.matches(
                name: network.spec.annotations.name,
                id: network.id,
                labels: network.spec.annotations.labels,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes,
                wanted: filters.labels
            )
        }
        return .with { $0.networks = networks }
    }

    package func createNetwork(
        request: SwarmCreateNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmCreateNetworkResponse {
        guard request.hasSpec else { throw RPCError.missing("spec") }
        let spec = request.spec
        try NetworkSpecValidation.check(spec)
        let id = self.makeIdentifier()
        let network = try await self.commit { transaction in
            try NetworkConflict.checkNew(spec, in: transaction.state)
            return try transaction.add(
                SwarmNetwork.with {
                    $0.id = id
                    $0.spec = spec
                }
            )
        }
        return .with { $0.network = network }
    }

    package func removeNetwork(
        request: SwarmRemoveNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveNetworkResponse {
        guard !request.networkID.isEmpty else { throw RPCError.missing("network_id") }
        try await self.commit { transaction in
            let network: SwarmNetwork = try transaction.find(request.networkID)
            try NetworkConflict.checkRemoval(of: network, in: transaction.state)
            try transaction.remove(SwarmNetwork.self, id: network.id)
        }
        return SwarmRemoveNetworkResponse()
    }
}
