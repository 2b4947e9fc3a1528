/// Whom a task runs as, as its spec says it: "name", "uid", "uid:gid", "name:group".
///
/// Kept as text: only the machine knows what the names mean.
package struct UserReference: Sendable, Equatable {
    package var user: String
    /// Nil: the user's own group.
    package var group: String?

    /// Reads the spec's text; nil for an empty one, which means: whoever the node's daemon is.
    package init?(_ text: String) throws {
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard !parts[0].isEmpty, parts.count == 1 || !parts[1].isEmpty else {
            throw PlanError("container.user", "\"\(text)\" is not of the form user or user:group")
        }
        self.user = String(parts[0])
        self.group = parts.count == 2 ? String(parts[1]) : nil
    }

    /// The form that the initializer reads.
    package var text: String { self.group.map { "\(self.user):\($0)" } ?? self.user }
}
