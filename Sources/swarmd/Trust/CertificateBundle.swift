import FoundationEssentials
import SwiftASN1
package import X509

/// Certificates in one text, one after the other, as files and the store have them.
package enum CertificateBundle {
    /// The largest text that is looked at; longer chains than that are nobody's.
    package static let bytes = 262_144
    /// The kind of PEM block that a certificate is.
    private static let discriminator = "CERTIFICATE"

    /// Reads one certificate or more; throws `AuthorityError.unreadable` with `name` for anything else.
    package static func read(
        _ text: some Collection<UInt8>,
        named name: String
    ) throws(AuthorityError) -> [Certificate] {
        guard text.count <= Self.bytes else { throw .unreadable(name) }
        do {
            let documents = try PEMDocument.parseMultiple(pemString: String(decoding: text, as: UTF8.self))
            guard !documents.isEmpty, documents.allSatisfy({ $0.discriminator == Self.discriminator }) else {
                throw AuthorityError.unreadable(name)
            }
            return try documents.map { try Certificate(pemDocument: $0) }
        } catch { throw .unreadable(name) }
    }

    /// Reads exactly one certificate.
    package static func readOne(
        _ text: some Collection<UInt8>,
        named name: String
    ) throws(AuthorityError) -> Certificate {
        let certificates = try Self.read(text, named: name)
        guard certificates.count == 1, let only = certificates.first else { throw .unreadable(name) }
        return only
    }
}
