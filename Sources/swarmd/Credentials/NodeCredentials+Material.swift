package import Primitives
package import Trust
import X509

extension NodeCredentials {
    /// A node's certificate with its key, and the root that it trusts.
    package struct Material: Sendable {
        /// What others' certificates are measured by.
        package var root: RootBundle
        /// The node's certificate and, during a rotation of the root, those that link it to the old one.
        package var chainPEM: String
        /// The certificate's key, unencrypted, as PKCS #8.
        package var keyPEM: String
        /// Who the certificate says the node is.
        package var name: NodeName
        /// From when on it is valid.
        package var notBefore: Timestamp
        /// Until when it is valid.
        package var notAfter: Timestamp

        /// Reads a certificate with its key; throws where they do not belong together, or name no node.
        package init(root: RootBundle, chainPEM: String, keyPEM: String) throws(CredentialsError) {
            let leaf = try Certificate.chain(chainPEM, "node certificate")[0]
            let key: Certificate.PrivateKey
            do { key = try Certificate.PrivateKey(pemEncoded: keyPEM) } catch {
                throw .unreadable("node key")
            }
            guard key.publicKey == leaf.publicKey else { throw .foreignKey }
            guard let name = NodeName(leaf.subject) else { throw .nameless }
            self.root = root
            self.chainPEM = chainPEM
            self.keyPEM = keyPEM
            self.name = name
            self.notBefore = leaf.validity.lowerBound
            self.notAfter = leaf.validity.upperBound
        }

        /// Throws unless the root vouches for the certificate at `now`, or did until at most `ExpiredRenewal.grace` ago.
        package func verify(at now: Timestamp) async throws {
            let chain = try Certificate.chain(self.chainPEM, "node certificate").map { try $0.der }
            _ = try await PeerVerifier(self.root).caller(chain, at: now)
        }
    }
}
