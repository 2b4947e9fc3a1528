/// The filters that the List calls share.
///
/// An empty list of alternatives lets everything through; filters of different sorts are all to be met
/// (SwarmKit `controlapi/common.go`).
enum ListFilters {
    static func matches<Value: Equatable>(_ value: Value, anyOf alternatives: [Value]) -> Bool {
        alternatives.isEmpty || alternatives.contains(value)
    }

    static func hasPrefix(_ text: String, anyOf prefixes: [String]) -> Bool {
        prefixes.isEmpty || prefixes.contains { text.hasPrefix($0) }
    }

    /// Tells whether every wanted label is there; a wanted value that is empty takes any value.
    static func labels(_ labels: [String: String], include wanted: [String: String]) -> Bool {
        wanted.allSatisfy { key, value in
            labels[key].map { value.isEmpty || value == $0 } ?? false
        }
    }

    /// Tells whether an object meets the filters that every kind with a name has.
    static func matches(
        name: String,
        id: String,
        labels: [String: String],
        names: [String],
        namePrefixes: [String],
        idPrefixes: [String],
        wanted: [String: String]
    ) -> Bool {
        Self.matches(name, anyOf: names) && Self.hasPrefix(name, anyOf: namePrefixes)
            && Self.hasPrefix(id, anyOf: idPrefixes) && Self.labels(labels, include: wanted)
    }

    /// The filters of secrets and configs: any one of names and prefixes suffices, names in any case
    /// (SwarmKit `controlapi/secret.go`, `ListSecrets`).
    static func matchesAny(
        name: String,
        id: String,
        names: [String],
        namePrefixes: [String],
        idPrefixes: [String]
    ) -> Bool {
        if names.isEmpty && namePrefixes.isEmpty && idPrefixes.isEmpty { return true }
        let lowered = name.lowercased()
        return names.contains { $0.lowercased() == lowered }
            || namePrefixes.contains { lowered.hasPrefix($0.lowercased()) }
            || idPrefixes.contains { id.hasPrefix($0) }
    }
}
