/// What the cluster's control API tells a client about one object.
///
/// The system under test chooses versions and identifiers; the model checks that they make sense.
package enum ControlReply: Hashable, Sendable {
    /// The object was made.
    case created(id: String, version: UInt64)
    /// Another object has the name.
    case alreadyExists
    /// The specification was replaced, which gave the object this version.
    case updated(version: UInt64)
    /// The object has another version than the one that was asked for.
    case outOfSequence
    /// The object was removed.
    case removed
    /// The object as it is.
    case found(id: String, version: UInt64, value: String)
    /// There is no such object.
    case notFound
}
