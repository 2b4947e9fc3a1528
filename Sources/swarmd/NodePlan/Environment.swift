/// A process's environment as a list of "NAME=value".
package enum Environment {
    /// Lays `changes` over `base`: a later value of a name wins, and a name without `=` takes it away.
    package static func merge(base: [String], over changes: [String]) -> [String] {
        var values: [(name: Substring, entry: String)] = []
        for entry in base + changes {
            let name = entry.prefix { $0 != "=" }
            let isRemoval = !entry.contains("=")
            if let index = values.firstIndex(where: { $0.name == name }) {
                if isRemoval { values.remove(at: index) } else { values[index].entry = entry }
            } else if !isRemoval {
                values.append((name, entry))
            }
        }
        return values.map(\.entry)
    }

    /// Whether `changes` leave the node the choice of `name`: they neither set nor remove it.
    package static func isSilent(on name: String, in changes: [String]) -> Bool {
        !changes.contains { $0.prefix { $0 != "=" } == name }
    }
}
