import FoundationEssentials
import GRPCCore
import Primitives
import SwarmAPI
import Trust

/// Carries out what a new configuration of the certificate authority does to the root, up to the record that is to be
/// stored.
struct RootChanges: Sendable {
    /// Asks servers of others; nil where this manager has no certificate to show them.
    let servers: ExternalAuthorityClient?
    let now: Timestamp

    /// The root's record as it will be.
    func record(_ config: SwarmCAConfig, instead root: SwarmRootCA) async throws -> SwarmRootCA {
        do {
            let change = try RootChange(to: config, of: root, at: self.now)
            for probe in change.probes { try await self.check(probe) }
            switch change.outcome {
            case .unchanged: return root
            case .record(let record): return record
            case .crossSigning(let signing): return signing.record(with: try await self.crossSign(signing))
            }
        } catch let error as RootChangeError {
            switch error {
            case .invalid(let field, let reason): throw RPCError.invalid("\(field): \(reason)")
            case .unmade(let reason): throw RPCError(code: .internalError, message: reason)
            }
        }
    }

    /// Refuses a change unless one of the servers shows that it is the root's.
    private func check(_ probe: RootChange.Probe) async throws(RPCError) {
        var reasons: [String] = []
        for url in probe.urls {
            do throws(ExternalAuthorityClient.Failure) {
                return try await self.client.probe(url, trusting: probe.root)
            } catch { reasons.append("\(error)") }
        }
        let why = reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ").prefix(512)))"
        throw .invalid(
            "external_cas: there must be at least one valid, reachable external CA corresponding to the "
                + "\(probe.name) CA certificate\(why)"
        )
    }

    private func crossSign(_ signing: RootChange.CrossSigning) async throws(RPCError) -> String {
        let problem: String
        do {
            let certificate = try await self.client.certificate(
                CFSSL.body(crossSigning: signing.request, of: signing.root),
                from: signing.urls,
                trusting: [signing.trusted]
            )
            try ForeignCertificate.checkCrossSigned(certificate, of: signing.root, by: signing.trusted)
            return try certificate.text
        } catch { problem = "\(error)" }
        throw RPCError(
            code: .internalError,
            message: "unable to generate a cross-signed certificate for root rotation: \(problem)"
        )
    }

    private var client: ExternalAuthorityClient {
        get throws(ExternalAuthorityClient.Failure) {
            guard let servers = self.servers else { throw .unreachable("this manager has no certificate") }
            return servers
        }
    }
}
