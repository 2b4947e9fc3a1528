import HashTreeCollections

/// The objects of one kind, by identifier, unique name and index key.
///
/// The tables underneath are persistent: a copy costs O(1), and a change costs O(log n) beside any
/// number of copies.
package struct Table<Object: StoreObject>: Sendable {
    private var rows: TreeDictionary<String, Object> = [:]
    private var names: TreeDictionary<String, String> = [:]
    private var index: TreeDictionary<IndexKey, TreeSet<String>> = [:]

    package init() {}

    package var count: Int { self.rows.count }

    package subscript(id: String) -> Object? { self.rows[id] }

    /// All objects, ordered by identifier.
    package var all: [Object] { self.rows.values.sorted { $0.id < $1.id } }

    /// All objects in no order; only where the order cannot reach a decision, an identifier or the wire.
    package var unordered: some Sequence<Object> { self.rows.values }

    /// The object whose unique name is `name`, whatever the case.
    package func named(_ name: String) -> Object? {
        self.names[name.lowercased()].flatMap { self.rows[$0] }
    }

    /// The objects with `key`, ordered by identifier.
    package func find(_ key: IndexKey) -> [Object] {
        guard let ids = self.index[key] else { return [] }
        return ids.sorted().compactMap { self.rows[$0] }
    }

    /// How many objects have `key`.
    package func count(_ key: IndexKey) -> Int { self.index[key]?.count ?? 0 }

    /// Puts `object` in, in place of the one with its identifier.
    mutating func put(_ object: Object) {
        let name = object.uniqueName
        let keys = object.indexKeys
        if let old = self.rows.updateValue(object, forKey: object.id) {
            let oldKeys = old.indexKeys
            // Most writes are reports on a task's state: they move no key.
            if old.uniqueName == name, oldKeys == keys { return }
            self.forget(old.id, name: old.uniqueName, keys: oldKeys)
        }
        if let name { self.names[name] = object.id }
        for key in keys { self.index[key, default: []].insert(object.id) }
    }

    /// Takes the object with `id` out.
    mutating func take(_ id: String) -> Object? {
        guard let old = self.rows.removeValue(forKey: id) else { return nil }
        self.forget(id, name: old.uniqueName, keys: old.indexKeys)
        return old
    }

    private mutating func forget(_ id: String, name: String?, keys: [IndexKey]) {
        if let name, self.names[name] == id { self.names[name] = nil }
        for key in keys {
            self.index[key]?.remove(id)
            if self.index[key]?.isEmpty == true { self.index[key] = nil }
        }
    }

    /// Whether names and index agree with the rows; for tests and start-up checks.
    package var isConsistent: Bool {
        var names: [String: String] = [:]
        var index: [IndexKey: Set<String>] = [:]
        for object in self.rows.values {
            if let name = object.uniqueName { names[name] = object.id }
            for key in object.indexKeys { index[key, default: []].insert(object.id) }
        }
        return names.count == self.names.count && names.allSatisfy { self.names[$0] == $1 }
            && index.count == self.index.count
            && index.allSatisfy { entry in self.index[entry.key].map(Set.init) == entry.value }
    }
}
