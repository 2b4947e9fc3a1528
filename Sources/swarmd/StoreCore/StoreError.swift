/// Why a transaction refused a change.
package enum StoreError: Error, Equatable {
    /// No such object.
    case notFound(ObjectKind, id: String)
    /// An object with the identifier is there already.
    case exists(ObjectKind, id: String)
    /// Another object of the kind has the name; names differ in more than case.
    case nameConflict(ObjectKind, name: String)
    /// Another writer changed the object since the caller read it: read again and retry.
    ///
    /// Its text on the wire is SwarmKit's "update out of sequence".
    case outOfSequence(ObjectKind, id: String)
}
