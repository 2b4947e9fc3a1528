import Credentials
import Trust

/// Who a node is, with what proves it.
struct NodeIdentity: Sendable {
    let credentials: NodeCredentials
    /// The node's key file.
    let keys: KeyStore

    var name: NodeName { self.credentials.name }
}
