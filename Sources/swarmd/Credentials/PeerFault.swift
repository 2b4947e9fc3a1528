/// Why the certificate of whoever is at the other end is not believed.
package enum PeerFault: Error, Equatable, CustomStringConvertible {
    /// What was sent can't be read, or is far too much.
    case unreadable
    /// No path leads from it to a root that we trust, or something on the path is not valid now.
    case untrusted
    /// It was valid until then.
    case expired(at: String)
    /// It is not meant for that end of a connection.
    case purpose
    /// A caller's subject names no node of a cluster.
    case nameless
    /// It does not carry the name of whom we called.
    case otherServer(expected: String)

    package var description: String {
        switch self {
        case .unreadable: "the certificate can't be read"
        case .untrusted: "no trusted root vouches for the certificate"
        case .expired(let moment): "the certificate expired at \(moment)"
        case .purpose: "the certificate is not meant for this end of a connection"
        case .nameless: "the certificate names no node of a cluster"
        case .otherServer(let expected): "the certificate does not carry the name \(expected)"
        }
    }
}
