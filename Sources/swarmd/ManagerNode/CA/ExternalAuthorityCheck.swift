import FoundationEssentials
import SwarmAPI
import Trust

/// Tries to reach the servers that a cluster names as external CAs, and says what stands against each.
///
/// A server that can't be reached is no mistake that a change of the cluster is refused for, as with SwarmKit: it may
/// come up later. Until then nodes wait for their certificates, and whoever named it should know.
struct ExternalAuthorityCheck: Sendable {
    /// What came of one server.
    struct Finding: Sendable, Equatable {
        let url: String
        /// One line; nil where nothing stands against it.
        let problem: String?
    }

    /// Asks servers; nil where this manager has no certificate to show them.
    let servers: ExternalAuthorityClient?

    /// The findings in the order of the cluster's spec; it takes no longer than one server may.
    func findings(of cluster: SwarmCluster) async -> [Finding] {
        let external = cluster.spec.caConfig.externalCas
        return await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, server) in external.enumerated() {
                group.addTask {
                    (index, Finding(url: server.url, problem: await self.problem(of: server, in: cluster)))
                }
            }
            var findings: [(Int, Finding)] = []
            for await finding in group { findings.append(finding) }
            return findings.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func problem(of server: SwarmExternalCA, in cluster: SwarmCluster) async -> String? {
        guard let servers = self.servers else { return "this manager has no certificate to show it" }
        let root = cluster.rootCa
        let wanted = root.hasRootRotation ? root.rootRotation.caCert : root.caCert
        let own = server.caCert.isEmpty ? root.caCert : server.caCert
        guard Self.isSame(own, wanted) else {
            return "it signs for another root certificate than the cluster's, and is not asked"
        }
        do throws(ExternalAuthorityClient.Failure) {
            try await servers.probe(server.url, trusting: own, root.caCert)
            return nil
        } catch {
            switch error {
            // The address stands beside it.
            case .unreachable(let reason): return Self.without(server.url, reason)
            case .refused(let error): return "\(error)"
            }
        }
    }

    private static func isSame(_ one: Data, _ other: Data) -> Bool {
        do throws(AuthorityError) {
            return try CertificateBundle.read(one, named: "root certificate")
                == CertificateBundle.read(other, named: "root certificate")
        } catch { return false }
    }

    private static func without(_ url: String, _ reason: String) -> String {
        let head = "\(url): "
        return reason.hasPrefix(head) ? String(reason.dropFirst(head.count)) : reason
    }
}
