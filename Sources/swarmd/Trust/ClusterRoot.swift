import Crypto
package import FoundationEssentials
package import SwarmAPI
import SwiftProtobuf

/// What the cluster object keeps of its root: certificate, key, digest and join tokens.
package enum ClusterRoot {
    /// The record of a new cluster, or of one that has no root yet.
    package static func record(
        of root: RootAuthority,
        requiresFIPS: Bool = false
    ) throws(AuthorityError) -> SwarmRootCA {
        let (certificate, key) = (Data(try root.pem.utf8), Data(try root.keyPEM.utf8))
        return Self.record(certificate: certificate, key: key, requiresFIPS: requiresFIPS)
    }

    /// The record of a root whose `key` is empty where another authority has it.
    ///
    /// The tokens are fresh: they speak of the certificate's exact bytes.
    static func record(certificate: Data, key: Data, requiresFIPS: Bool) -> SwarmRootCA {
        .with {
            $0.caCert = certificate
            $0.caKey = key
            $0.caCertHash = Self.hash(of: certificate)
            $0.joinTokens.worker = Self.token(for: certificate, requiresFIPS: requiresFIPS)
            $0.joinTokens.manager = Self.token(for: certificate, requiresFIPS: requiresFIPS)
        }
    }

    /// A fresh join token.
    ///
    /// Its secret is from the system and not from a term's seeded generator, whose later outputs could be told
    /// from a token.
    package static func token(for certificate: Data, requiresFIPS: Bool) -> String {
        var generator = SystemRandomNumberGenerator()
        return JoinToken(rootCA: certificate, requiresFIPS: requiresFIPS, using: &generator).text
    }

    /// The digest of a certificate's file as the cluster object has it: "sha256:" and hexadecimal digits.
    package static func hash(of certificate: Data) -> String {
        "sha256:" + SHA256.hash(data: certificate).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = self.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
