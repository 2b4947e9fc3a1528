package import Credentials

/// A manager's keys on disk, and what has to happen when they turn out to have lain in clear.
package struct ManagerKeys: Sendable {
    /// The node's key file, which is open.
    package let store: KeyStore
    /// Asks for a new TLS key and a certificate for it; returns soon, whether there is one yet or not.
    package let renewCertificate: @Sendable () async -> Void

    package init(store: KeyStore, renewCertificate: @escaping @Sendable () async -> Void) {
        self.store = store
        self.renewCertificate = renewCertificate
    }
}
