package import Primitives
import SwarmAPI

/// A set of changes that is applied whole or not at all.
///
/// It works on a state of its own, in place where nobody else has it, and remembers what it did. Every object that it writes gets the
/// transaction's version (`Meta.version.index`) and time (SwarmKit `store/memory.go`, `touchMeta`).
package struct Transaction: Sendable {
    /// The store as this transaction sees it, its own changes included.
    package private(set) var state: StoreState
    /// What it did so far, in order.
    package private(set) var changes: [StoreChange] = []
    /// The version that its objects get.
    package let version: UInt64
    private let now: Timestamp

    package init(on state: StoreState, version: UInt64, now: Timestamp) {
        self.state = state
        self.version = version
        self.now = now
    }

    package mutating func create<Object: StoreObject>(_ object: Object) throws(StoreError) {
        guard !self.state[keyPath: Object.table].contains(object.id) else {
            throw .exists(Object.kind, id: object.id)
        }
        try self.checkName(of: object)
        var object = object
        object.meta.version.index = self.version
        object.meta.createdAt = self.now.protobuf
        object.meta.updatedAt = self.now.protobuf
        self.state[keyPath: Object.table].put(object)
        self.changes.append(.create(object.value))
    }

    /// Replaces the object, provided that `object.meta.version` is the stored one.
    package mutating func update<Object: StoreObject>(_ object: Object) throws(StoreError) {
        guard let old = self.state[keyPath: Object.table][object.id] else {
            throw .notFound(Object.kind, id: object.id)
        }
        guard old.meta.version == object.meta.version else {
            throw .outOfSequence(Object.kind, id: object.id)
        }
        try self.checkName(of: object)
        var object = object
        object.meta.version.index = self.version
        object.meta.createdAt = old.meta.createdAt
        object.meta.updatedAt = self.now.protobuf
        self.state[keyPath: Object.table].put(object)
        self.changes.append(.update(object.value, old: old.value))
    }

    /// Removes the object with `id`.
    package mutating func remove<Object: StoreObject>(_: Object.Type, id: String) throws(StoreError) {
        guard let old = self.state[keyPath: Object.table].take(id) else {
            throw .notFound(Object.kind, id: id)
        }
        self.changes.append(.remove(old.value))
    }

    /// Exchanges its state for another: unlike a copy, this leaves both free to change in place.
    package mutating func trade(_ state: inout StoreState) { swap(&self.state, &state) }

    /// Takes back all that it did.
    package mutating func undo() {
        self.state.undo(self.changes)
        self.changes = []
    }

    private func checkName<Object: StoreObject>(of object: Object) throws(StoreError) {
        guard let name = object.uniqueName,
            let other = self.state[keyPath: Object.table].id(ofLowercased: name), other != object.id
        else { return }
        throw .nameConflict(Object.kind, name: name)
    }
}
