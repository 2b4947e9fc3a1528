import FoundationEssentials
package import GRPCCore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

extension ControlService {
    package func getCluster(
        request: SwarmGetClusterRequest,
        context: ServerContext
    ) async throws -> SwarmGetClusterResponse {
        let cluster: SwarmCluster = try await self.find(
            request.clusterID,
            in: self.state,
            field: "cluster_id"
        )
        return .with { $0.cluster = ClusterView.redacted(cluster) }
    }

    package func listClusters(
        request: SwarmListClustersRequest,
        context: ServerContext
    ) async throws -> SwarmListClustersResponse {
        let filters = request.filters
        let clusters = try await self.state.clusters.all.filter { cluster in
            ListFilters.matches(
                name: cluster.spec.annotations.name,
                id: cluster.id,
                labels: cluster.spec.annotations.labels,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes,
                wanted: filters.labels
            )
        }
        return .with { $0.clusters = clusters.map(ClusterView.redacted) }
    }

    package func updateCluster(
        request: SwarmUpdateClusterRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateClusterResponse {
        guard !request.clusterID.isEmpty else { throw RPCError.missing("cluster_id") }
        guard request.hasClusterVersion else { throw RPCError.missing("cluster_version") }
        guard request.hasSpec else { throw RPCError.missing("spec") }
        try ClusterSpecValidation.check(request.spec)
        let now = self.now()
        let present: SwarmCluster = try await self.find(
            request.clusterID,
            in: self.state,
            field: "cluster_id"
        )
        // What becomes of the root is worked out beforehand, for servers may have to be asked. It holds for this
        // version only, and the transaction takes no other.
        guard present.meta.version == request.clusterVersion else {
            throw RPCError(.outOfSequence(SwarmCluster.kind, id: present.id))
        }
        let root = try await RootChanges(servers: self.servers, now: now)
            .record(request.spec.caConfig, instead: present.rootCa)
        let cluster = try await self.commit { transaction in
            var cluster: SwarmCluster = try transaction.find(request.clusterID)
            cluster.meta.version = request.clusterVersion
            cluster.spec = request.spec
            // The root's record has it.
            cluster.spec.caConfig.signingCaKey = Data()
            cluster.rootCa = root
            try KeyRotation.rotateTokens(request.rotation, of: &cluster)
            KeyRotation.updateUnlockKey(request.rotation, of: &cluster)
            cluster.blacklistedCertificates = NodeRemoval.unexpired(
                cluster.blacklistedCertificates,
                now: now
            )
            return try transaction.replace(cluster)
        }
        return .with { $0.cluster = ClusterView.redacted(cluster) }
    }
}
