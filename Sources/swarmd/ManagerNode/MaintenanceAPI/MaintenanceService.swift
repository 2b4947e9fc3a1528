package import GRPCCore
import Primitives
import ReplicatedStore
import StoreCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// What an operator does for the cluster as a whole.
package struct MaintenanceService: SwarmdMaintenance.SimpleServiceProtocol {
    /// How much one part of a backup carries.
    private static let partBytes = 1 << 20

    private let store: ReplicatedStore
    private let servers: ExternalAuthorityClient?
    private let clock: any WallClock

    /// Backs `store` up, and asks external CAs by `servers`; nil where this manager has no certificate to show them.
    init(store: ReplicatedStore, clock: any WallClock, servers: ExternalAuthorityClient? = nil) {
        self.store = store
        self.clock = clock
        self.servers = servers
    }

    package func backup(
        request: SwarmdBackupRequest,
        response: RPCWriter<SwarmdBackupPart>,
        context: ServerContext
    ) async throws {
        let (snapshot, index) = try await RPCError.onWire { try await self.store.linearizableSnapshot() }
        let bytes = await Self.serialize(snapshot)
        var rest = bytes[...]
        repeat {
            var part = SwarmdBackupPart()
            part.index = index
            part.bytes = UInt64(bytes.count)
            part.data.append(contentsOf: rest.prefix(Self.partBytes))
            try await response.write(part)
            rest = rest.dropFirst(Self.partBytes)
        } while !rest.isEmpty
    }

    package func checkExternalCAs(
        request: SwarmdCheckExternalCAsRequest,
        context: ServerContext
    ) async throws -> SwarmdCheckExternalCAsResponse {
        let state = try await RPCError.onWire { try await self.store.linearizable().state }
        guard let cluster = state.clusters.all.first else { return .init() }
        let findings = await ExternalAuthorityCheck(servers: self.servers).findings(of: cluster)
        return .with {
            $0.findings = findings.map { finding in
                .with {
                    $0.url = finding.url
                    $0.problem = finding.problem ?? ""
                }
            }
        }
    }

    package func checkCluster(
        request: SwarmdCheckClusterRequest,
        context: ServerContext
    ) async throws -> SwarmdCheckClusterResponse {
        try await RPCError.onWire { try await ClusterCheck(store: self.store, clock: self.clock).look() }
    }

    package func repairCluster(
        request: SwarmdRepairClusterRequest,
        context: ServerContext
    ) async throws -> SwarmdCheckClusterResponse {
        try await RPCError.onWire { try await ClusterCheck(store: self.store, clock: self.clock).repair() }
    }

    /// Serializes off the callers' executors: a large state takes a while.
    @concurrent
    private static func serialize(_ snapshot: StoreSnapshot) async -> [UInt8] { snapshot.bytes }
}
