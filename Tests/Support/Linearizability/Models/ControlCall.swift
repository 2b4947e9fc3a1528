/// What a client asks of the cluster's control API about one object.
///
/// A list is recorded as one read by name for each name of interest. A call that was refused before it
/// reached the store, as an invalid specification is, is not recorded.
package struct ControlCall: Hashable, Sendable {
    /// The name that no two objects of a kind may share, with the kind.
    package struct Key: Hashable, Sendable {
        /// The kind, such as `config`.
        package let kind: String
        /// The name, in lower case where the store ignores case.
        package let name: String

        /// Names an object of a kind.
        package init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }
    }

    /// What is asked.
    ///
    /// An identifier says which object is meant, though its name may have gone to another since; without one,
    /// it is the object that has the name.
    package enum Action: Hashable, Sendable {
        /// Make the object with this specification.
        case create(value: String)
        /// Replace the specification if the object still has this version.
        case update(id: String?, version: UInt64, value: String)
        /// Remove the object.
        case remove(id: String?)
        /// Tell the object.
        case get(id: String?)
    }

    /// The name that it is about.
    package let key: Key
    /// What is asked.
    package let action: Action

    /// Asks for `action` on the object called `name`.
    package init(kind: String, name: String, _ action: Action) {
        self.key = Key(kind: kind, name: name)
        self.action = action
    }
}
