/// What is known of one name of one kind.
package struct ControlState: Hashable, Sendable {
    /// The object that has the name.
    package struct Object: Hashable, Sendable {
        /// Its identifier; nil while nobody was told.
        package var id: String?
        /// Its version.
        package var version: VersionKnowledge
        /// Its specification.
        package var value: String
    }

    /// The object, if there is one.
    package var object: Object?
    /// What every version of a later object is greater than.
    package var floor: UInt64 = 0
    /// Identifiers that neither the object nor a later one can have, sorted.
    package var retired: [String] = []

    /// Knows that there never was an object.
    package init() {}

    /// Whether surely no object, now or later, has this version.
    func isPast(_ version: UInt64) -> Bool {
        self.object?.version.isPast(version) ?? (version <= self.floor)
    }

    /// Whether surely no object, now or later, has this identifier.
    func isRetired(_ id: String?) -> Bool { id.map { self.retired.contains($0) } ?? false }

    /// Takes in that no object, now or later, has this identifier.
    ///
    /// Clients only ask for identifiers that they were told, so one that is not found was found before.
    mutating func retire(_ id: String?) {
        guard let id, !self.retired.contains(id) else { return }
        self.retired.append(id)
        self.retired.sort()
    }

    /// The object if it may be the one that is asked for, with its identifier taken as known from then on.
    func object(withID id: String?) -> Object? {
        guard var object = self.object else { return nil }
        guard let id else { return object }
        if let known = object.id { return known == id ? object : nil }
        guard !self.retired.contains(id) else { return nil }
        object.id = id
        return object
    }

    /// This state with another object.
    func with(_ object: Object) -> Self {
        var state = self
        state.object = object
        return state
    }

    /// This state after `object` is gone.
    func without(_ object: Object) -> Self {
        var state = self
        state.object = nil
        state.floor = object.version.floor
        state.retire(object.id)
        return state
    }
}

extension ControlState: CustomStringConvertible {
    package var description: String {
        guard let object = self.object else { return "nothing, versions up to \(self.floor) used" }
        return "object \(object.id ?? "?") version \(object.version) value \(object.value)"
    }
}
