/// Why there is no certificate.
package enum AuthorityError: Error, Equatable, CustomStringConvertible {
    /// A text is not what its name says.
    case unreadable(String)
    /// A key is another certificate's.
    case foreignKey
    /// A node's request is not to be signed, for the reason.
    case request(String)
    /// The library did not make it, for the reason.
    case unmade(String)

    package var description: String {
        switch self {
        case .unreadable(let name): "\(name): this is not PEM of the right kind"
        case .foreignKey: "root key: it does not belong to the root certificate"
        case .request(let reason): "certificate request: \(reason)"
        case .unmade(let reason): "certificate: it could not be made: \(reason)"
        }
    }
}
