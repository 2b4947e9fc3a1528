package import Primitives
package import SwarmAPI
import FoundationEssentials

/// A node that asked to join and was never given a certificate.
///
/// Nobody may be there any more: a machine that gives up and tries again comes as another node. It can't be brought
/// up, so that a rotation of the root waits for it no longer than a machine waits for its certificate, and it is
/// removed in the end. SwarmKit's rotation waits for every node (`ca/reconciler.go`), and keeps them all.
package enum UnfinishedJoin {
    /// How long a machine may wait for its first certificate, generously: ours give up after 30 s.
    package static let patience = Duration.seconds(60)
    /// How long the node is kept; docker's nodes ask on for their certificate.
    package static let kept = Duration.seconds(3_600)

    /// Whether the node has joined and never come to work.
    package static func isUnseen(_ node: SwarmNode) -> Bool {
        node.status.state == .unknown && !node.hasDescription_p
    }

    /// Whether the node has joined, and no certificate was ever made for it.
    package static func isOne(_ node: SwarmNode) -> Bool {
        guard Self.isUnseen(node), node.certificate.certificate.isEmpty else { return false }
        return switch node.certificate.status.state {
        case .pending, .failed: true
        case .unknown, .renew, .issued, .rotate, .UNRECOGNIZED: false
        }
    }

    /// Whether nobody waits for the node's certificate any more, as far as can be told.
    package static func isGivenUp(_ node: SwarmNode, at now: Timestamp) -> Bool {
        Self.isOne(node) && Self.end(of: Self.patience, node) <= now
    }

    /// When `span` since the node's joining is over.
    static func end(of span: Duration, _ node: SwarmNode) -> Timestamp {
        Timestamp(node.meta.createdAt) + span
    }
}
