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
        throw RPCError.unimplemented("CreateNetwork is not available yet")
    }

    package func removeNetwork(
        request: SwarmRemoveNetworkRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveNetworkResponse {
        throw RPCError.unimplemented("RemoveNetwork is not available yet")
    }
}
