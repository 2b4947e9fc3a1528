package import Primitives
package import StoreCore
package import SwarmAPI

/// The nodes that wait for a certificate, and when each is to be tried.
///
/// A node waits that renews its certificate, and one that is new and was accepted (SwarmKit `ca/server.go`,
/// `evaluateAndSignNodeCert`).
package struct SigningQueue: Sendable {
    /// After how long a node is tried again that could not be served for a reason that may pass.
    package static let retry = Duration.seconds(10)
    /// How many nodes are taken at once, so that a thousand newcomers do not hold up what else is planned.
    package static let batch = 100

    private var due: [String: Timestamp] = [:]

    package init() {}

    /// Whether the node is to be given a certificate.
    package static func wants(_ node: SwarmNode) -> Bool {
        switch node.certificate.status.state {
        case .renew: true
        case .pending: node.spec.membership == .accepted
        case .unknown, .issued, .failed, .rotate, .UNRECOGNIZED: false
        }
    }

    /// Begins with the nodes of `state`.
    package mutating func start(on state: StoreState, now: Timestamp) {
        let waiting = state.nodes.all.filter(Self.wants).map { ($0.id, now) }
        self.due = Dictionary(uniqueKeysWithValues: waiting)
    }

    /// Notes nodes that begin or cease to wait; another signer may serve those that were put off.
    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            switch change {
            case .create(.node(let node)): self.look(at: node, instead: nil, now: now)
            case .update(.node(let node), old: .node(let old)): self.look(at: node, instead: old, now: now)
            case .remove(.node(let node)): self.due[node.id] = nil
            case .update(.cluster(let cluster), old: .cluster(let old)):
                if cluster.rootCa != old.rootCa || cluster.spec.caConfig != old.spec.caConfig {
                    self.due = self.due.mapValues { min($0, now) }
                }
            default: break
            }
        }
    }

    /// Takes nodes that are due, those first that wait longest.
    package mutating func take(on state: StoreState, now: Timestamp) -> [SwarmNode] {
        let ready = self.due.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let nodes = ready.prefix(Self.batch).map(\.key)
        for node in nodes { self.due[node] = nil }
        return nodes.compactMap { state.nodes[$0] }.filter(Self.wants)
    }

    /// Puts a node off that could not be served.
    package mutating func postpone(_ node: String, now: Timestamp) { self.due[node] = now + Self.retry }

    /// When the next node is due; nil for never.
    package var deadline: Timestamp? { self.due.values.min() }

    /// What a node asks for: why it still waits, which is noted there too, is no part of it.
    private static func request(_ node: SwarmNode) -> SwarmCertificate {
        var certificate = node.certificate
        certificate.status.err = ""
        return certificate
    }

    private mutating func look(at node: SwarmNode, instead old: SwarmNode?, now: Timestamp) {
        guard Self.wants(node) else {
            self.due[node.id] = nil
            return
        }
        // A node that was put off stays so, unless it asks for something else.
        let asksAgain = old.map { Self.request($0) != Self.request(node) || !Self.wants($0) } ?? true
        if asksAgain || self.due[node.id] == nil { self.due[node.id] = now }
    }
}
