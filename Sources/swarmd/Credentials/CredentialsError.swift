/// Why a node can't use a certificate of its own.
package enum CredentialsError: Error, Equatable, CustomStringConvertible {
    /// A text is not what its name says.
    case unreadable(String)
    /// The key is another certificate's.
    case foreignKey
    /// The certificate names no node of a cluster.
    case nameless
    /// TLS does not take it, for the reason.
    case refused(String)

    package var description: String {
        switch self {
        case .unreadable(let name): "\(name): this is not PEM of the right kind"
        case .foreignKey: "node key: it does not belong to the node certificate"
        case .nameless:
            "node certificate: its subject must be O=<cluster>, OU=swarm-worker or swarm-manager, CN=<node>"
        case .refused(let reason): "node certificate: TLS can't use it: \(reason)"
        }
    }
}
