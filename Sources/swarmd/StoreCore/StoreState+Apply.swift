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
    /// group does (SwarmKit `store/memory.go`, `ApplyStoreActions`). Returns what changed. A request that is
    /// not understood changes nothing. It works in place: of many requests one after the other, only the
    /// first copies what the state shares with others.
    package mutating func apply(_ request: SwarmInternalRaftRequest) throws(EntryError) -> [StoreChange] {
        for action in request.action {
            guard action.target != nil else { throw .malformed(field: "StoreAction.target") }
            switch action.action {
            case .storeActionCreate, .storeActionUpdate, .storeActionRemove: continue
            case .unknown, .UNRECOGNIZED: throw .malformed(field: "StoreAction.action")
            }
        }
        return request.action.compactMap { action in
            guard let value = action.target?.value else { return nil }
            return action.action == .storeActionRemove ? self.take(value) : self.put(value)
        }
    }

    /// Carries out what a transaction did to a state equal to this one.
    package mutating func carryOut(_ changes: [StoreChange]) {
        for change in changes {
            switch change {
            case .create(let value), .update(let value, _): _ = self.place(value)
            case .remove(let value): _ = self.take(value)
            }
        }
    }

    /// Takes back what a transaction did to this state.
    mutating func undo(_ changes: [StoreChange]) {
        for change in changes.reversed() {
            switch change {
            case .create(let value): _ = self.take(value)
            case .update(_, let old), .remove(let old): _ = self.place(old)
            }
        }
    }

    /// Puts an object in that came off the wire, sharing what it has in common with others.
    private mutating func put(_ value: StoreValue) -> StoreChange {
        let value = self.interned(value)
        return self.place(value).map { .update(value, old: $0) } ?? .create(value)
    }

    /// Puts an object in, in place of the one with its identifier, which it returns.
    private mutating func place(_ value: StoreValue) -> StoreValue? {
        switch value {
        case .node(let object): self.nodes.put(object)?.value
        case .service(let object): self.services.put(object)?.value
        case .network(let object): self.networks.put(object)?.value
        case .task(let object): self.tasks.put(object)?.value
        case .cluster(let object): self.clusters.put(object)?.value
        case .secret(let object): self.secrets.put(object)?.value
        case .resource(let object): self.resources.put(object)?.value
        case .extension(let object): self.extensions.put(object)?.value
        case .config(let object): self.configs.put(object)?.value
        case .volume(let object): self.volumes.put(object)?.value
        }
    }

    private mutating func take(_ value: StoreValue) -> StoreChange? {
        func take<Object: StoreObject>(_ object: Object, from state: inout StoreState) -> StoreChange? {
            state[keyPath: Object.table].take(object.id).map { .remove($0.value) }
        }
        return take(value.object, from: &self)
    }
}
