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

    /// The serialized wire form, slice by slice.
    package var slices: SnapshotSlices { SnapshotSlices(self) }

    /// The serialized wire form.
    package var bytes: [UInt8] { self.slices.reduce(into: []) { $0 += $1 } }
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
        let slices = StoreSnapshot(state: self, membership: SwarmClusterSnapshot()).slices
        return slices.reduce(0xcbf2_9ce4_8422_2325) { hash, slice in
            slice.reduce(hash) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        }
    }
}
