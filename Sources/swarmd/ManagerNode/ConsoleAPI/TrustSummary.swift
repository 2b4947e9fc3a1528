import FoundationEssentials
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Trust

/// What the console shows of the cluster's certificates, made of the committed state.
///
/// Pure: states in, a status out. A certificate is read once, whatever else changes of its node.
struct TrustSummary: Sendable {
    /// What is remembered of a node between two states.
    private struct Known: Sendable {
        var chain: Data
        var issued: IssuedCertificate?
    }

    private struct Root: Sendable {
        var text = Data()
        var known: KnownRoot?
    }

    private var nodes: [String: Known] = [:]
    private var root = Root()
    private var target = Root()
    /// The status of the last state; without refusals, which are in no state.
    private(set) var status = SwarmdTrustStatus()
    /// When it is worth to look at the state again though it did not change: how long a node that blocks a rotation
    /// has been down is told in words.
    private(set) var changesAt: Timestamp?
    /// How old those words may be.
    static let patience = Duration.seconds(10)

    /// Takes over a state.
    mutating func refresh(with state: StoreState, now: Timestamp) {
        let cluster = state.clusters.named(ClusterView.name)
        Self.read(cluster?.rootCa.caCert ?? Data(), into: &self.root)
        let isRotating = cluster?.rootCa.hasRootRotation == true
        Self.read(isRotating ? cluster?.rootCa.rootRotation.caCert ?? Data() : Data(), into: &self.target)
        let nodes = state.nodes.all
        self.remember(nodes)
        let current = isRotating ? self.target.known : self.root.known
        var status = SwarmdTrustStatus()
        if let known = self.root.known {
            status.rootDigest = known.digest
            status.rootNotAfter = known.notAfter.protobuf
        }
        status.autolock = cluster?.spec.encryptionConfig.autoLockManagers == true
        status.certificates = nodes.map { self.certificate(of: $0, current) }
        self.changesAt = nil
        if let progress = RotationProgress(of: state, at: now) {
            status.rotation = Self.told(progress)
            self.changesAt = now + Self.patience
        }
        self.status = status
    }

    private static func told(_ progress: RotationProgress) -> SwarmdRootRotationProgress {
        .with {
            $0.targetDigest = progress.target
            $0.nodes = UInt32(clamping: progress.nodes)
            $0.done = UInt32(clamping: progress.done)
            $0.blockers = progress.blockers.map { blocker in
                .with {
                    $0.nodeID = blocker.node
                    $0.reason = blocker.reason
                }
            }
        }
    }

    private static func read(_ text: Data, into root: inout Root) {
        guard root.text != text else { return }
        root = Root(text: text, known: KnownRoot(bundle: text))
    }

    private mutating func remember(_ nodes: [SwarmNode]) {
        let before = self.nodes
        self.nodes = Dictionary(minimumCapacity: nodes.count)
        for node in nodes {
            let chain = node.certificate.certificate
            if let old = before[node.id], old.chain == chain {
                self.nodes[node.id] = old
            } else {
                self.nodes[node.id] = Known(chain: chain, issued: IssuedCertificate(chain: chain))
            }
        }
    }

    private func certificate(of node: SwarmNode, _ current: KnownRoot?) -> SwarmdCertificateSummary {
        var summary = SwarmdCertificateSummary()
        summary.nodeID = node.id
        summary.status = node.certificate.status
        if let validity = self.nodes[node.id]?.issued?.validity {
            summary.notBefore = validity.lowerBound.protobuf
            summary.notAfter = validity.upperBound.protobuf
        }
        guard node.description_p.hasTlsInfo else { return summary }
        summary.isCurrent = current?.issuer.signed(node) == true
        let root = [self.root.known, self.target.known].compactMap { $0 }.first { $0.issuer.signed(node) }
        // A root that the cluster does not know any more is named by what the node trusts.
        let trusted = node.description_p.tlsInfo.trustRoot
        summary.issuerDigest = root?.digest ?? (trusted.isEmpty ? "" : JoinToken.digest(of: trusted))
        return summary
    }
}
