import SwarmAPI
import SwiftProtobuf

/// A snapshot's serialized form, slice by slice, so that nobody needs room for all of it at once.
///
/// Each slice is a `Snapshot` of its own with some of the objects; one behind the other they are the whole,
/// since protobuf merges the parts of a message that comes in pieces. Equal snapshots have equal slices.
package struct SnapshotSlices: Sequence, Sendable {
    /// How many objects a slice has at most; of tasks, some 50 KB.
    private static let objects = 64

    private let snapshot: StoreSnapshot

    /// The slices of `snapshot`, which are made as they are asked for.
    init(_ snapshot: StoreSnapshot) { self.snapshot = snapshot }

    package func makeIterator() -> AnyIterator<[UInt8]> {
        var pieces = self.pieces.makeIterator()
        return AnyIterator { pieces.next().map { Self.serialize($0()) } }
    }

    /// The slices as messages, each made when it is called for.
    private var pieces: [() -> SwarmSnapshot] {
        let state = self.snapshot.state
        var head = SwarmSnapshot()
        head.version = .v0
        head.membership = self.snapshot.membership
        head.store = SwarmStoreSnapshot()
        var pieces = [{ [head] in head }]
        Self.add(state.nodes, as: \.nodes, to: &pieces)
        Self.add(state.services, as: \.services, to: &pieces)
        Self.add(state.networks, as: \.networks, to: &pieces)
        Self.add(state.tasks, as: \.tasks, to: &pieces)
        Self.add(state.clusters, as: \.clusters, to: &pieces)
        Self.add(state.secrets, as: \.secrets, to: &pieces)
        Self.add(state.resources, as: \.resources, to: &pieces)
        Self.add(state.extensions, as: \.extensions, to: &pieces)
        Self.add(state.configs, as: \.configs, to: &pieces)
        Self.add(state.volumes, as: \.volumes, to: &pieces)
        return pieces
    }

    private static func add<Object: StoreObject>(
        _ table: Table<Object>,
        as field: WritableKeyPath<SwarmStoreSnapshot, [Object]>,
        to pieces: inout [() -> SwarmSnapshot]
    ) {
        pieces += table.parts(of: Self.objects).map { part in
            {
                var piece = SwarmSnapshot()
                piece.store[keyPath: field] = part()
                return piece
            }
        }
    }

    private static func serialize(_ piece: SwarmSnapshot) -> [UInt8] {
        guard let bytes: [UInt8] = try? piece.serializedBytes(options: .deterministic) else {
            preconditionFailure("a piece with \(piece.store.tasks.count) tasks can't be serialized")
        }
        return bytes
    }
}
