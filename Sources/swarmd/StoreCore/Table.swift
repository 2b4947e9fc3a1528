import HashTreeCollections

/// The objects of one kind, by identifier, unique name and index key.
///
/// The tables underneath are persistent: a copy costs O(1), and a change costs O(log n) beside any
/// number of copies. They hold a reference to each object: a change copies the nodes on its way with all that is
/// in them, and an object in place may have a dozen references instead of one. The references have no type, so
/// that all kinds have the same tree, which the compiler specializes.
package struct Table<Object: StoreObject>: Sendable {
    private typealias AnyRow = any AnyObject & Sendable

    private var rows: TreeDictionary<String, AnyRow> = [:]
    private var names: TreeDictionary<String, String> = [:]
    private var index: TreeDictionary<IndexKey, TreeSet<String>> = [:]

    package init() {}

    package var count: Int { self.rows.count }

    package subscript(id: String) -> Object? { self.rows[id].map(Self.object) }

    /// Whether there is an object with `id`.
    func contains(_ id: String) -> Bool { self.rows[id] != nil }

    /// All objects, ordered by identifier.
    package var all: [Object] { self.rows.sorted { $0.key < $1.key }.map { Self.object(in: $0.value) } }

    /// The object that comes first by identifier.
    package var first: Object? { self.rows.min { $0.key < $1.key }.map { Self.object(in: $0.value) } }

    /// All objects, ordered by identifier, `count` at a time; each part is made when it is called for.
    func parts(of count: Int) -> [() -> [Object]] {
        let rows = self.rows.sorted { $0.key < $1.key }
        return stride(from: 0, to: rows.count, by: count).map { start in
            { rows[start...].prefix(count).map { Self.object(in: $0.value) } }
        }
    }

    /// All objects in no order; only where the order cannot reach a decision, an identifier or the wire.
    package var unordered: some Sequence<Object> { self.rows.values.lazy.map { Self.object(in: $0) } }

    /// The object whose unique name is `name`, whatever the case.
    package func named(_ name: String) -> Object? {
        self.id(ofLowercased: name.lowercased()).flatMap { self[$0] }
    }

    /// The identifier of the object that has the unique name, in lower case.
    func id(ofLowercased name: String) -> String? { self.names[name] }

    /// The objects with `key`, ordered by identifier.
    package func find(_ key: IndexKey) -> [Object] {
        guard let ids = self.index[key] else { return [] }
        return ids.sorted().compactMap { self[$0] }
    }

    /// How many objects have `key`.
    package func count(_ key: IndexKey) -> Int { self.index[key]?.count ?? 0 }

    /// Puts `object` in, in place of the one with its identifier, which it returns.
    @discardableResult
    mutating func put(_ object: Object) -> Object? {
        let id = object.id
        let name = object.uniqueName
        let keys = object.indexKeys
        let old = self.rows.updateValue(Row(object), forKey: id).map(Self.object)
        if let old {
            let (oldName, oldKeys) = (old.uniqueName, old.indexKeys)
            // Most writes are reports on a task's state: they move no key.
            if oldName == name, oldKeys == keys { return old }
            // A key that stays is left alone: the set behind it may be as large as a service.
            let gone = oldKeys.filter { !keys.contains($0) }
            self.forget(id, name: oldName == name ? nil : oldName, keys: gone)
            if oldName != name, let name { self.names[name] = id }
            for key in keys where !oldKeys.contains(key) { self.index[key, default: []].insert(id) }
            return old
        }
        if let name { self.names[name] = id }
        for key in keys { self.index[key, default: []].insert(id) }
        return nil
    }

    /// Puts `object` in as it is, for what is only tried on a copy: no version, no check of its name.
    package mutating func replace(_ object: Object) { self.put(object) }

    /// Takes the object with `id` out.
    mutating func take(_ id: String) -> Object? {
        guard let old = self.rows.removeValue(forKey: id).map(Self.object) else { return nil }
        self.forget(id, name: old.uniqueName, keys: old.indexKeys)
        return old
    }

    /// The object that a row holds: `put` alone makes rows.
    private static func object(in row: AnyRow) -> Object {
        unsafeDowncast(row, to: Row<Object>.self).object
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
        for object in self.unordered {
            if let name = object.uniqueName { names[name] = object.id }
            for key in object.indexKeys { index[key, default: []].insert(object.id) }
        }
        return names.count == self.names.count && names.allSatisfy { self.names[$0] == $1 }
            && index.count == self.index.count
            && index.allSatisfy { entry in self.index[entry.key].map(Set.init) == entry.value }
    }
}

/// The place of an object in a table.
private final class Row<Object: StoreObject>: Sendable {
    let object: Object

    init(_ object: Object) { self.object = object }
}
