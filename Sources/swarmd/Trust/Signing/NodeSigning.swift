import FoundationEssentials
package import Primitives
package import SwarmAPI
import SwiftProtobuf

/// What a node's certificate is to say, and the node's object with the answer to its request.
package struct NodeSigning: Sendable {
    /// The most characters of a reason that are kept with a node that waits.
    private static let reasonLength = 512

    private let cluster: String
    private let expiry: Duration
    private let now: Timestamp

    package init(of cluster: SwarmCluster, at now: Timestamp) {
        let expiry = cluster.spec.caConfig.nodeCertExpiry
        self.cluster = cluster.id
        // None counts as zero, and that as too short: the default takes its place.
        self.expiry = .seconds(expiry.seconds) + .nanoseconds(Int64(expiry.nanos))
        self.now = now
    }

    /// Who the node will be: its role is the one that the store gives it, whatever it asked for.
    package func name(of node: SwarmNode) -> NodeName {
        NodeName(cluster: self.cluster, role: node.role == .manager ? .manager : .worker, node: node.id)
    }

    /// The node with its certificate, or with the reason why it cannot have one.
    package func answer(_ node: SwarmNode, by root: RootAuthority, intermediates: String) -> SwarmNode {
        do throws(AuthorityError) {
            let request = try CertificateRequest(pem: String(decoding: node.certificate.csr, as: UTF8.self))
            let leaf = try root.sign(request, as: self.name(of: node), at: self.now, expiry: self.expiry)
            return Self.issued(node, try leaf.text + intermediates)
        } catch { return Self.failed(node, "\(error)") }
    }

    /// The node that was given `chain`.
    package static func issued(_ node: SwarmNode, _ chain: String) -> SwarmNode {
        var node = node
        node.certificate.role = node.role
        node.certificate.cn = node.id
        node.certificate.certificate = Data(chain.utf8)
        node.certificate.status = .with { $0.state = .issued }
        return node
    }

    /// The node whose request waits, with the reason; nil where it says so already.
    package static func waiting(_ node: SwarmNode, _ reason: String) -> SwarmNode? {
        let reason = String(reason.prefix(Self.reasonLength))
        guard node.certificate.status.err != reason else { return nil }
        var node = node
        node.certificate.status.err = reason
        return node
    }

    /// The node whose request is refused for good; it may send another.
    package static func failed(_ node: SwarmNode, _ reason: String) -> SwarmNode {
        var node = node
        node.certificate.status = .with {
            $0.state = .failed
            $0.err = reason
        }
        return node
    }
}
