import FoundationEssentials
import SwarmAPI
import SwiftASN1
import SwiftProtobuf
import X509

/// What a node tells of its certificate: by it the leader sees how far a rotation of the root has come
/// (SwarmKit `ca/config.go`, `TLSInfo`).
enum IssuerInfo {
    /// What is to be told of `material`.
    static func of(_ material: NodeCredentials.Material) throws -> SwarmNodeTLSInfo {
        let chain = try Certificate.chain(material.chainPEM, "node certificate")
        let subject = try chain[0].issuer.der
        // Roots of a cluster all have the same name: whose key it is tells which of them signed.
        let issuer = (chain.dropFirst() + material.root.certificates).first {
            $0.subject == chain[0].issuer && $0.publicKey.isValidSignature(chain[0].signature, for: chain[0])
        }
        // With its algorithm, as certificates have it, and not the bare point.
        let publicKey = try issuer?.publicKey.serializeAsPEM().derBytes
        return .with {
            $0.trustRoot = Data(material.root.pem.utf8)
            $0.certIssuerSubject = Data(subject)
            if let publicKey { $0.certIssuerPublicKey = Data(publicKey) }
        }
    }
}
