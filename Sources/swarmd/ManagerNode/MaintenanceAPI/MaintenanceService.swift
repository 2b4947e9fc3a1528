package import GRPCCore
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

    /// Backs `store` up.
    init(store: ReplicatedStore) { self.store = store }

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

    /// Serializes off the callers' executors: a large state takes a while.
    @concurrent
    private static func serialize(_ snapshot: StoreSnapshot) async -> [UInt8] { snapshot.bytes }
}
