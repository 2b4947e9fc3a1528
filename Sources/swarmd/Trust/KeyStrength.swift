import Crypto
import CryptoExtras
import X509

/// Which keys the cluster takes from others: NIST's curves and RSA of 2,048 bits or more (SwarmKit
/// `ca/certificates.go`, `newLocalSigner`).
enum KeyStrength {
    /// The shortest RSA key.
    static let rsaBits = 2_048

    /// Why `key` is not taken; nil if it is.
    static func objection(to key: Certificate.PublicKey) -> String? {
        if P256.Signing.PublicKey(key) != nil || P384.Signing.PublicKey(key) != nil
            || P521.Signing.PublicKey(key) != nil
        {
            return nil
        }
        guard let rsa = _RSA.Signing.PublicKey(key) else {
            return "its key must be of P-256, P-384, P-521 or RSA"
        }
        guard rsa.keySizeInBits >= Self.rsaBits else {
            return "its RSA key has \(rsa.keySizeInBits) bits, \(Self.rsaBits) are needed"
        }
        return nil
    }
}
