import SwiftASN1
package import X509

/// The certificates that a cluster's members trust, with the exact text: join tokens are made of its digest.
package struct RootBundle: Sendable, Equatable {
    /// The largest text that is looked at: a root and its successor need 2 KiB.
    package static let bytes = 64 << 10

    /// The text as it came, to the last byte.
    package let pem: String
    /// At least one.
    package let certificates: [Certificate]

    /// Reads a text; throws where it has no certificate, or something else.
    package init(pem: String) throws(CredentialsError) {
        guard pem.utf8.count <= Self.bytes else {
            throw .unreadable("root certificate: more than \(Self.bytes) bytes")
        }
        self.certificates = try Certificate.chain(pem, "root certificate")
        self.pem = pem
    }
}

extension Certificate {
    /// The certificates in `pem`, which is called `name`; at least one.
    static func chain(_ pem: String, _ name: String) throws(CredentialsError) -> [Certificate] {
        let certificates: [Certificate]
        do {
            certificates = try PEMDocument.parseMultiple(pemString: pem).map {
                try Certificate(pemDocument: $0)
            }
        } catch { throw .unreadable(name) }
        guard !certificates.isEmpty else { throw .unreadable(name) }
        return certificates
    }
}
