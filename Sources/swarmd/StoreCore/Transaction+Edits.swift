import SwarmAPI

extension Transaction {
    /// Carries out a reconciler's edits, dropping those that another writer overtook.
    ///
    /// Dropped are an update whose object has changed since the decision, an assignment to a node that is not
    /// ready any more, a creation whose identifier or
    /// name is taken, and a removal of what is gone. Returns how many: the commit that overtook them makes
    /// the reconciler look again, so a drop needs no retry.
    @discardableResult
    package mutating func apply(_ edits: some Sequence<StoreEdit>) -> Int {
        var dropped = 0
        for edit in edits {
            do throws(StoreError) { try self.apply(edit) } catch { dropped += 1 }
        }
        return dropped
    }

    private mutating func apply(_ edit: StoreEdit) throws(StoreError) {
        func create(_ object: some StoreObject, _ transaction: inout Transaction) throws(StoreError) {
            try transaction.create(object)
        }
        func update(_ object: some StoreObject, _ transaction: inout Transaction) throws(StoreError) {
            try transaction.update(object)
        }
        func remove<Object: StoreObject>(
            _ type: Object.Type,
            id: String,
            _ transaction: inout Transaction
        ) throws(StoreError) {
            try transaction.remove(type, id: id)
        }
        switch edit {
        case .create(let value): try create(value.object, &self)
        case .update(let value): try update(value.object, &self)
        case .assign(let task):
            guard self.state.nodes[task.nodeID]?.status.state == .ready else {
                throw .notFound(.node, id: task.nodeID)
            }
            try self.update(task)
        case .remove(let kind, let id): try remove(kind.type, id: id, &self)
        }
    }
}
