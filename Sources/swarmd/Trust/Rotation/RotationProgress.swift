package import Primitives
package import StoreCore
import FoundationEssentials
import SwarmAPI

/// How far a rotation of the root has come, and which nodes keep it from its end.
package struct RotationProgress: Sendable, Equatable {
    /// A node that does not report a certificate of the new root.
    package struct Blocker: Sendable, Equatable {
        package let node: String
        /// "down for 3m", "asked to renew", "waits for its batch": for an operator.
        package let reason: String
    }

    /// The digest of the new root, as join tokens have it.
    package let target: String
    /// How many nodes there are that have a certificate, or may still wait for their first.
    package let nodes: Int
    /// How many of them have changed.
    package let done: Int
    /// Those that have not, by identifier.
    package let blockers: [Blocker]

    /// The rotation under way in `state`; nil if there is none.
    package init?(of state: StoreState, at now: Timestamp) {
        guard let cluster = state.clusters.all.first, cluster.rootCa.hasRootRotation else { return nil }
        let root = cluster.rootCa.rootRotation.caCert
        guard let issuer = RootRotation.issuer(root) else { return nil }
        let nodes = state.nodes.all
        let counted = nodes.filter { !UnfinishedJoin.isGivenUp($0, at: now) }
        let behind = counted.filter { RootRotation.waits(for: $0, issuer, at: now) }.sorted { $0.id < $1.id }
        self.target = JoinToken.digest(of: root)
        self.nodes = counted.count
        self.done = counted.count - behind.count
        self.blockers = behind.map { Blocker(node: $0.id, reason: Self.reason($0, at: now)) }
    }

    private static func reason(_ node: SwarmNode, at now: Timestamp) -> String {
        if UnfinishedJoin.isOne(node) { return Self.unfinished(node) }
        switch node.status.state {
        case .down: return "down for \(Self.text(now - Timestamp(node.meta.updatedAt)))"
        case .unknown where !node.hasDescription_p:
            return "got a certificate and never came: `swarmd node rm \(node.id)`"
        case .disconnected, .unknown: return "not connected"
        case .ready, .UNRECOGNIZED: break
        }
        switch node.certificate.status.state {
        case .rotate: return "asked to renew"
        case .renew, .pending: return "waits for its certificate"
        case .failed: return "was refused a certificate: \(node.certificate.status.err)"
        case .issued where node.description_p.hasTlsInfo == false:
            return "does not say whose certificate it has"
        case .issued, .unknown, .UNRECOGNIZED: return "waits for its batch"
        }
    }

    /// What is said of a node whose first certificate was never made.
    private static func unfinished(_ node: SwarmNode) -> String {
        let status = node.certificate.status
        let never = "never got a certificate: `swarmd node rm \(node.id)`"
        return status.state == .failed && !status.err.isEmpty ? "\(never): \(status.err)" : never
    }

    /// A span of time in its largest unit.
    private static func text(_ span: Duration) -> String {
        let seconds = max(0, span.components.seconds)
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3_600: "\(seconds / 60)m"
        case ..<86_400: "\(seconds / 3_600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}
