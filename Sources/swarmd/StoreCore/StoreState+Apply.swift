package import SwarmAPI

extension StoreState {
    /// The object of `kind` with `id`.
    package func value(_ kind: ObjectKind, id: String) -> StoreValue? {
        func find<Object: StoreObject>(_: Object.Type) -> StoreValue? {
            self[keyPath: Object.table][id]?.value
        }
        return find(kind.type)
    }

    /// Applies what another manager, or this one before its restart, committed.
    ///
    /// The leader checked versions and names; here the entry is simply carried out, as every member of the
    /// group does (SwarmKit `store/memory.go`, `ApplyStoreActions`). Returns what changed.
    package mutating func apply(_ request: SwarmInternalRaftRequest) throws(EntryError) -> [StoreChange] {
        var next = self
        var changes: [StoreChange] = []
        for action in request.action {
            guard let target = action.target else { throw .malformed(field: "StoreAction.target") }
            let value = target.value
            switch action.action {
            case .storeActionCreate, .storeActionUpdate: changes.append(next.put(value))
            case .storeActionRemove: if let change = next.take(value) { changes.append(change) }
            case .unknown, .UNRECOGNIZED: throw .malformed(field: "StoreAction.action")
            }
        }
        self = next
        return changes
    }

    /// Puts an object in that came off the wire, sharing what it has in common with others.
    private mutating func put(_ value: StoreValue) -> StoreChange {
        let value = self.interned(value)
        func put<Object: StoreObject>(_ object: Object, into state: inout StoreState) -> StoreChange {
            let old = state[keyPath: Object.table][object.id]
            state[keyPath: Object.table].put(object)
            return old.map { .update(value, old: $0.value) } ?? .create(value)
        }
        return put(value.object, into: &self)
    }

    private mutating func take(_ value: StoreValue) -> StoreChange? {
        func take<Object: StoreObject>(_ object: Object, from state: inout StoreState) -> StoreChange? {
            state[keyPath: Object.table].take(object.id).map { .remove($0.value) }
        }
        return take(value.object, from: &self)
    }
}
