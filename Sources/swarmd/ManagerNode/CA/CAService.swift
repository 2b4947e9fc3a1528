import FoundationEssentials
package import GRPCCore
package import ReplicatedStore
package import SwarmAPI
import SwarmRPC
import StoreCore
import SwiftProtobuf
import Trust

/// Gives what a node needs besides its certificate: the root that it may trust and, to a manager, the key of locked
/// files (SwarmKit `ca/server.go`).
package struct CAService: SwarmCA.SimpleServiceProtocol {
    private let store: ReplicatedStore

    package init(store: ReplicatedStore) { self.store = store }

    /// The exact bytes whose digest join tokens have.
    package func getRootCACertificate(
        request: SwarmGetRootCACertificateRequest,
        context: ServerContext
    ) async throws -> SwarmGetRootCACertificateResponse {
        let cluster = await self.store.committed.state.clusters.all.first
        guard let certificate = cluster?.rootCa.caCert, !certificate.isEmpty else {
            throw RPCError(code: .aborted, message: "the cluster has no root certificate yet: try again")
        }
        return .with { $0.certificate = certificate }
    }

    /// The key with the version by which managers tell an older one; no key where managers are not locked.
    package func getUnlockKey(
        request: SwarmGetUnlockKeyRequest,
        context: ServerContext
    ) async throws -> SwarmGetUnlockKeyResponse {
        let state = try await RPCError.onWire { try await self.store.linearizable().state }
        guard let cluster = state.clusters.all.first else {
            throw RPCError(code: .aborted, message: "the cluster has no cluster object yet: try again")
        }
        return .with {
            $0.unlockKey = Data(cluster.managerUnlockKey?.bytes ?? [])
            $0.version = cluster.meta.version
        }
    }
}
