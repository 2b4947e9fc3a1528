import FoundationEssentials
import NIOSSL
import Primitives
import SwarmRPC
import SwiftASN1
import Trust
@_spi(FixedExpiryValidationTime) import X509

/// Verifies what the other end of a connection shows.
///
/// Never BoringSSL's own way (architecture D5): all roots of a cluster have one name, and its search for a path takes
/// SwarmKit's cross-signed root for one that signed itself.
struct PeerVerifier: Sendable {
    /// The longest chain that is looked at: a node's has two, and each more could double the work.
    static let longestChain = 6

    private let roots: [Certificate]

    init(_ root: RootBundle) { self.roots = root.certificates }

    /// Who calls; an end that passed less than `ExpiredRenewal.grace` ago is told and nothing else.
    func caller(_ presented: [[UInt8]], at now: Timestamp) async throws(PeerFault) -> VerifiedPeer {
        let chain = try Self.read(presented)
        let leaf = chain[0]
        guard let name = NodeName(leaf.subject) else { throw .nameless }
        try Self.check(leaf, for: .clientAuth)
        let expiry = leaf.validity.upperBound
        let isExpired = now > expiry
        guard now <= expiry + ExpiredRenewal.grace else { throw .expired(at: "\(leaf.notValidAfter)") }
        // An intermediate may have ended with it, so all are looked at as of then.
        try await self.verify(chain, at: isExpired ? leaf.notValidAfter : Date(verifying: now))
        return VerifiedPeer(
            name: name,
            fingerprint: ExpiredRenewal.hash(of: presented[0]),
            expiry: expiry,
            isExpired: isExpired
        )
    }

    /// Throws unless the server is `name`.
    func server(_ presented: [[UInt8]], is name: ServerName, at now: Timestamp) async throws(PeerFault) {
        let chain = try Self.read(presented)
        let leaf = chain[0]
        let names = (try? leaf.extensions.subjectAlternativeNames).map { Array($0) } ?? []
        guard names.contains(.dnsName(name.rawValue)) else { throw .otherServer(expected: name.rawValue) }
        try Self.check(leaf, for: .serverAuth)
        guard now <= leaf.validity.upperBound else { throw .expired(at: "\(leaf.notValidAfter)") }
        try await self.verify(chain, at: Date(verifying: now))
    }

    private static func read(_ presented: [[UInt8]]) throws(PeerFault) -> [Certificate] {
        guard (1...Self.longestChain).contains(presented.count) else { throw .unreadable }
        do { return try presented.map { try Certificate(derEncoded: $0) } } catch { throw .unreadable }
    }

    /// What is for certain purposes is for those only.
    private static func check(
        _ leaf: Certificate,
        for usage: ExtendedKeyUsage.Usage
    ) throws(PeerFault) {
        let usages: ExtendedKeyUsage?
        do { usages = try leaf.extensions.extendedKeyUsage } catch { throw .unreadable }
        guard let usages else { return }
        guard usages.contains(usage) || usages.contains(.any) else { throw .purpose }
    }

    private func verify(_ chain: [Certificate], at moment: Date) async throws(PeerFault) {
        var verifier = Verifier(rootCertificates: CertificateStore(self.roots)) {
            RFC5280Policy(fixedExpiryValidationTime: moment)
        }
        let result = await verifier.validate(
            leaf: chain[0],
            intermediates: CertificateStore(chain.dropFirst())
        )
        guard case .validCertificate = result else { throw .untrusted }
    }
}

extension Date {
    fileprivate init(verifying moment: Timestamp) {
        self.init(timeIntervalSince1970: Double(moment.nanoseconds) / 1e9)
    }
}
