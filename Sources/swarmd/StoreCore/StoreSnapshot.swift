package import SwarmAPI
import SwiftProtobuf

/// Why a snapshot can't be read.
package enum SnapshotError: Error, Equatable {
    /// The bytes are no `Snapshot`.
    case malformed
    /// Written by a manager that knows a later form.
    case unsupportedVersion(Int)
    /// Two objects of the kind have the identifier.
    case duplicate(ObjectKind, id: String)
}

/// A state with the group's membership, as SwarmKit writes it (`api/snapshot.proto`, version V0).
///
/// Equal states give equal bytes: objects are ordered by identifier, maps by key.
package struct StoreSnapshot: Sendable {
    package var state: StoreState
    /// The members of the group, which the store carries for the log and doesn't read.
    package var membership: SwarmClusterSnapshot

    package init(state: StoreState, membership: SwarmClusterSnapshot) {
        self.state = state
        self.membership = membership
    }

    /// Reads a snapshot; tasks share their specs with their services'.
    package init(_ message: SwarmSnapshot) throws(SnapshotError) {
        guard message.version == .v0 else { throw .unsupportedVersion(message.version.rawValue) }
        self.membership = message.membership
        self.state = StoreState()
        let store = message.store
        try self.state.load(store.nodes)
        try self.state.load(store.services)
        try self.state.load(store.networks)
        try self.state.load(store.tasks)
        try self.state.load(store.clusters)
        try self.state.load(store.secrets)
        try self.state.load(store.resources)
        try self.state.load(store.extensions)
        try self.state.load(store.configs)
        try self.state.load(store.volumes)
    }

    /// Reads a serialized snapshot.
    package init(bytes: [UInt8]) throws(SnapshotError) {
        let message: SwarmSnapshot
        do { message = try SwarmSnapshot(serializedBytes: bytes) } catch { throw .malformed }
        try self.init(message)
    }

    /// The wire form.
    package var message: SwarmSnapshot {
        .with {
            $0.version = .v0
            $0.membership = self.membership
            $0.store = .with {
                $0.nodes = self.state.nodes.all
                $0.services = self.state.services.all
                $0.networks = self.state.networks.all
                $0.tasks = self.state.tasks.all
                $0.clusters = self.state.clusters.all
                $0.secrets = self.state.secrets.all
                $0.resources = self.state.resources.all
                $0.extensions = self.state.extensions.all
                $0.configs = self.state.configs.all
                $0.volumes = self.state.volumes.all
            }
        }
    }

    /// The serialized wire form.
    package var bytes: [UInt8] {
        guard let bytes: [UInt8] = try? self.message.serializedBytes(options: .deterministic) else {
            preconditionFailure("a snapshot of \(self.state.tasks.count) tasks can't be serialized")
        }
        return bytes
    }
}

extension StoreState {
    fileprivate mutating func load<Object: StoreObject>(_ objects: [Object]) throws(SnapshotError) {
        for object in objects {
            guard self[keyPath: Object.table][object.id] == nil else {
                throw .duplicate(Object.kind, id: object.id)
            }
            guard let shared = Object(value: self.interned(object.value)) else { continue }
            self[keyPath: Object.table].put(shared)
        }
    }

    /// A number that equal states have in common (FNV-1a over the serialized objects, by kind and id).
    ///
    /// It costs a serialization of the whole store: for comparing managers and backups, not for hot paths.
    package var hash: UInt64 {
        let bytes = StoreSnapshot(state: self, membership: SwarmClusterSnapshot()).bytes
        return bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
