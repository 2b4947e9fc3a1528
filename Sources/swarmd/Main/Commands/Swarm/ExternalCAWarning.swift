import ControlClient
import SwarmAPI

/// Warns whoever named external CAs of those that can't sign now: nodes wait for their certificates until they can.
enum ExternalCAWarning {
    /// Has the manager try them, and tells of each that it does not reach.
    static func tell(_ client: ControlClient) async {
        do {
            let findings = try await client.checkExternalCAs()
            for line in Self.lines(findings) { Terminal.error(line) }
        } catch {
            // The change itself was made: what can't be looked at is told in one line as well.
            Terminal.error("WARNING: the external CAs were not tried: \(error)")
        }
    }

    /// One line for each that something stands against.
    static func lines(_ findings: [SwarmdExternalCAFinding]) -> [String] {
        findings.filter { !$0.problem.isEmpty }
            .map { finding in
                TextTable.plain(
                    "WARNING: the external CA \(finding.url) can't sign: \(finding.problem). Nodes that join or renew "
                        + "wait until one can; `swarmd update --no-external-ca` takes external CAs out."
                )
            }
    }
}
