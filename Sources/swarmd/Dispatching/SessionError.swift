/// Why a call that belongs to a session was refused.
package enum SessionError: Error, Equatable {
    /// The node has no session with this manager: it opens a new one.
    case notRegistered(node: String)
    /// The node has another session: the caller's was replaced.
    case invalid(node: String)
    /// The node registered too often: it waits.
    case tooManyRegistrations(node: String)
}
