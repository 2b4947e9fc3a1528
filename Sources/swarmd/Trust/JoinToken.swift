import Crypto

/// What lets a node into a cluster: the digest of the root certificate that the node may trust, and the secret
/// of a role (SwarmKit `ca/config.go`, `GenerateJoinToken` and `ParseJoinToken`).
///
/// `SWMTKN-1-<digest>-<secret>`; where the cluster insists on FIPS, `SWMTKN-2-1-<digest>-<secret>`. The tokens of
/// a cluster's roles differ in the secret only.
package struct JoinToken: Sendable, Equatable {
    /// Digits of the SHA-256 of the root certificate's file.
    package static let digestLength = 50
    /// Digits of the secret.
    package static let secretLength = 25
    /// Bytes of which a secret is made.
    package static let secretBytes = 16

    /// Whether only nodes that keep to FIPS may join.
    package let requiresFIPS: Bool
    /// The digest of the root certificate, in base 36.
    package let digest: String
    /// The secret, in base 36.
    package let secret: String

    /// A token with a fresh secret for the cluster whose root certificates are the exact bytes of `rootCA`.
    package init(
        rootCA: some Collection<UInt8>,
        requiresFIPS: Bool = false,
        using generator: inout some RandomNumberGenerator
    ) {
        let bytes = (0..<Self.secretBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.requiresFIPS = requiresFIPS
        self.digest = Self.digest(of: rootCA)
        self.secret = Base36.text(bytes, width: Self.secretLength)
    }

    /// Reads a token; throws `JoinTokenError` for what is none.
    package init(parsing text: String) throws(JoinTokenError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.first == "SWMTKN" else { throw .prefix }
        switch (parts.count, parts.dropFirst().first) {
        case (4, "1"): self.requiresFIPS = false
        case (5, "2") where parts[2] == "0" || parts[2] == "1": self.requiresFIPS = parts[2] == "1"
        case (4..., "1"), (4..., "2"), (..<4, _): throw .parts
        case (_, let version): throw .version(version ?? "")
        }
        (self.digest, self.secret) = (parts[parts.count - 2], parts[parts.count - 1])
        guard self.digest.utf8.count == Self.digestLength, Base36.isValid(self.digest) else { throw .digest }
        guard self.secret.utf8.count == Self.secretLength, Base36.isValid(self.secret) else { throw .secret }
    }

    /// The token as operators copy it.
    package var text: String {
        let version = self.requiresFIPS ? "2-1" : "1"
        return "SWMTKN-\(version)-\(self.digest)-\(self.secret)"
    }

    /// Whether the file with the exact bytes `rootCA` is the one that the token speaks of.
    package func trusts(_ rootCA: some Collection<UInt8>) -> Bool {
        ConstantTime.areEqual(Self.digest(of: rootCA), self.digest)
    }

    /// Whether a node that shows `presented` shows the token `expected`; the time that it takes tells nothing.
    package static func matches(_ presented: String, _ expected: String) -> Bool {
        // An empty token lets nobody in, whatever a broken cluster object says.
        !expected.isEmpty && ConstantTime.areEqual(presented, expected)
    }

    /// The SHA-256 of `rootCA` as tokens have it; a last line's end counts.
    package static func digest(of rootCA: some Collection<UInt8>) -> String {
        Base36.text(Array(SHA256.hash(data: Array(rootCA))), width: Self.digestLength)
    }
}

/// Why a text is no join token.
package enum JoinTokenError: Error, Equatable, CustomStringConvertible {
    /// It does not begin as tokens do.
    case prefix
    /// It is of a later form than this program knows.
    case version(String)
    /// It has too few or too many parts.
    case parts
    /// The part that names the root certificate is damaged.
    case digest
    /// The part with the secret is damaged.
    case secret

    package var description: String {
        switch self {
        case .prefix: "join token: it does not begin with SWMTKN-"
        case .version(let version): "join token: version \"\(version)\" is not known (1 and 2 are)"
        case .parts: "join token: it is not of the form SWMTKN-1-DIGEST-SECRET; was it copied whole?"
        case .digest:
            "join token: its third part is not the \(JoinToken.digestLength) characters of a certificate's digest"
        case .secret: "join token: its last part is not the \(JoinToken.secretLength) characters of a secret"
        }
    }
}
