/// Kinds of objects: what a watcher wants to hear of.
package struct ObjectKinds: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The objects of one kind.
    package init(_ kind: ObjectKind) {
        self.init(rawValue: 1 << UInt16(truncatingIfNeeded: kind.number))
    }

    /// The kinds of what `changes` changed.
    package init(of changes: some Sequence<StoreChange>) {
        self.init(rawValue: 0)
        for change in changes { self.formUnion(Self(change.value.kind)) }
    }

    /// Every kind there is and will be.
    package static let all = Self(rawValue: .max)
    package static let nodes = Self(.node)
    package static let services = Self(.service)
    package static let tasks = Self(.task)
    package static let clusters = Self(.cluster)
    /// All that a plan may depend on: not what tasks are only given on their nodes.
    package static let planned = Self.all.subtracting([Self(.secret), Self(.config)])
}
