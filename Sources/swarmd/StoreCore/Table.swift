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
        if let old = self.rows[object.id] { self.forget(old) }
        self.rows[object.id] = object
        if let name = object.uniqueName { self.names[name] = object.id }
        for key in object.indexKeys { self.index[key, default: []].insert(object.id) }
    }

    /// Takes the object with `id` out.
    mutating func take(_ id: String) -> Object? {
        guard let old = self.rows.removeValue(forKey: id) else { return nil }
        self.forget(old)
        return old
    }

    private mutating func forget(_ object: Object) {
        if let name = object.uniqueName { self.names[name] = nil }
        for key in object.indexKeys {
            self.index[key]?.remove(object.id)
            if self.index[key]?.isEmpty == true { self.index[key] = nil }
        }
    }
}
