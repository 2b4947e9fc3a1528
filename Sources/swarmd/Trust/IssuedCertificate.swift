package import Primitives

/// What others have to know of a certificate that the authority has signed: from when to when it is valid.
package struct IssuedCertificate: Sendable, Equatable {
    /// When it is valid.
    package let validity: Range<Timestamp>

    /// Reads the first certificate of a chain in PEM, which is the node's own; nil where there is none.
    package init?(chain: some Collection<UInt8>) {
        guard let certificate = try? CertificateBundle.read(chain, named: "certificate").first else {
            return nil
        }
        self.validity = certificate.validity
    }
}
