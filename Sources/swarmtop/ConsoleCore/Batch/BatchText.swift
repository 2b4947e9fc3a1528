import Primitives
import SwarmAPI

extension Model {
    /// One frame as plain text: everything, without escapes; for scripts, logs and dumb terminals.
    package var batchText: String {
        let health = Health(self.cluster)
        var lines = [Self.header(self.cluster, health)]
        lines.append(
            "nodes \(health.ready)/\(health.nodes)   services \(health.complete)/\(health.services)"
                + "   tasks \(health.running)/\(health.wanted)   \(MapView.line(self.cluster.total))"
        )
        lines.append("")
        lines += Self.align([["NODE", "ROLE", "STATUS", "AVAIL", "TASKS"]] + self.nodeLines)
        lines.append("")
        lines += self.trustLines
        lines += Self.align(
            [["SERVICE", "MODE", "RUN/WANT", "STATES", "UPDATE", "IMAGE"]] + self.serviceLines
        )
        lines.append("")
        lines += Self.align(
            [["TASK", "NODE", "WANT", "STATE", "FOR", "ID", "MESSAGE / ERROR"]] + self.taskLines
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private static func header(_ cluster: ClusterState, _ health: Health) -> String {
        var parts = [cluster.name.isEmpty ? "swarm" : cluster.name, health.level.rawValue]
        parts.append("quorum \(health.reachable)/\(health.managers)")
        parts.append("leader \(health.leader ?? "none")")
        if let raft = cluster.status?.raft {
            parts += ["term \(raft.term)", "commit \(raft.commitIndex)", "applied \(raft.appliedIndex)"]
        }
        return parts.joined(separator: "   ")
    }

    private var nodeLines: [[String]] {
        self.cluster.nodeOrder.keys.compactMap { self.cluster.nodes[$0.id] }.map { node in
            [
                node.name, node.isManager ? "manager" : "worker", node.stateName, node.availability.word,
                "\(self.cluster.byNode[node.id]?.live ?? 0)",
            ]
        }
    }

    /// The certificates, and an empty line; nothing where the manager tells nothing of them.
    private var trustLines: [String] {
        guard let trust = self.cluster.trust else { return [] }
        var head = ["root CA \(trust.root.isEmpty ? "-" : trust.root)"]
        if let ends = trust.rootEnds { head.append("expires \(Ages.date(ends))") }
        head.append("autolock \(trust.autolock ? "on" : "off")")
        var lines = [head.joined(separator: "   ")]
        if let rotation = trust.rotation {
            lines.append("rotation \(rotation.done)/\(rotation.nodes)   new root \(rotation.target)")
        }
        if !trust.refusals.isEmpty {
            let counts = trust.refusals.map { "\($0.reason) \($0.count)" }
            lines.append("refused   " + counts.joined(separator: "   "))
        }
        let rows = self.cluster.nodeOrder.keys.compactMap { key in
            self.cluster.nodes[key.id].flatMap { node in
                trust.certificates[node.id].map { self.certificateLine(node, $0, trust) }
            }
        }
        lines += Self.align([["CERTIFICATE", "STATE", "ISSUER", "EXPIRES", "NOTE"]] + rows)
        return lines + [""]
    }

    private func certificateLine(
        _ node: NodeRow,
        _ certificate: CertificateRow,
        _ trust: Trust
    ) -> [String] {
        let issuer = certificate.issuer.isEmpty ? "-" : certificate.isCurrent ? "current" : "OLD"
        let note = trust.rotation?.blockers[node.id] ?? certificate.error
        return [
            node.name, certificate.stateName, issuer, certificate.expiry(at: self.now)?.marked ?? "-",
            note.isEmpty ? "-" : note,
        ]
    }

    private var serviceLines: [[String]] {
        self.cluster.serviceOrder.keys.compactMap { self.cluster.services[$0.id] }.map { service in
            [
                service.name, service.mode.name,
                "\(self.cluster.running(service))/\(self.cluster.wanted(service))",
                self.cluster.byService[service.id]?.summary() ?? "-",
                ServicesView.update(service).text, service.image.isEmpty ? "-" : service.image,
            ]
        }
    }

    private var taskLines: [[String]] {
        self.cluster.slotOrder.keys.compactMap { self.cluster.tasks[$0.id] }.map { task in
            let exit = task.exitCode.map { "exit \($0)" } ?? ""
            let words = [task.error, exit, task.message].first { !$0.isEmpty } ?? "-"
            return [
                self.cluster.taskName(task), self.cluster.nodeName(task.nodeID), task.desired.name,
                task.stage.name, Ages.text(since: task.since, now: self.now).text, task.id, words,
            ]
        }
    }

    /// Rows with columns as wide as their widest text; controls are replaced.
    private static func align(_ rows: [[String]]) -> [String] {
        let clean = rows.map { row in
            row.map { text in
                DisplayWidth.cells(text, utf8: true, style: .normal).map(\.text).joined()
            }
        }
        let columns = clean.first?.count ?? 0
        let widths = (0..<columns).map { column in clean.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
        return clean.map { row in
            row.enumerated().map { column, text in
                column + 1 == columns
                    ? text : text + String(repeating: " ", count: widths[column] - DisplayWidth.of(text))
            }.joined(separator: "  ")
        }
    }
}
