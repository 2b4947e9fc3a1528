import GRPCCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// The cluster's settings, tokens and keys.
extension ControlClient {
    /// The one cluster that there is.
    package func cluster() async throws -> SwarmCluster {
        guard let cluster = try await self.clusters().first else {
            throw ControlError(.notFound, "the manager knows no cluster yet: try again in a moment")
        }
        return cluster
    }

    /// Gives the cluster the spec that `cluster` holds, and replaces the secrets that `rotation` names; refused when
    /// it changed since it was read.
    package func update(
        _ cluster: SwarmCluster,
        rotating rotation: SwarmKeyRotation = .init()
    ) async throws -> SwarmCluster {
        let request = SwarmUpdateClusterRequest.with {
            $0.clusterID = cluster.id
            $0.clusterVersion = cluster.meta.version
            $0.spec = cluster.spec
            $0.rotation = rotation
        }
        do {
            return try await self.control.updateCluster(request, options: Self.requestOptions).cluster
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// The bytes of the key that opens locked managers; empty where managers are not locked.
    package func unlockKey() async throws -> [UInt8] {
        do {
            return Array(
                try await self.authority.getUnlockKey(.init(), options: Self.requestOptions).unlockKey
            )
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }
}
