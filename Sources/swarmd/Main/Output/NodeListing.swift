import FoundationEssentials
import Primitives
import SwarmAPI
import Trust

/// Lists nodes as `docker node ls` does.
enum NodeListing {
    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: nil), .init(key: "Self", heading: nil),
        .init(key: "MarkedID", heading: "ID"), .init(key: "Hostname", heading: "HOSTNAME"),
        .init(key: "Status", heading: "STATUS"), .init(key: "Availability", heading: "AVAILABILITY"),
        .init(key: "ManagerStatus", heading: "MANAGER STATUS"),
        .init(key: "EngineVersion", heading: "ENGINE VERSION"), .init(key: "TLSStatus", heading: nil),
    ]

    /// The listing, with the node `ownID` marked by an asterisk; certificates are measured by the root of `cluster`.
    static func make(_ nodes: [SwarmNode], ownID: String?, cluster: SwarmCluster? = nil) -> Listing {
        let issuer = cluster.flatMap { RootKey.of($0) }
        let sorted = nodes.sorted {
            ($0.description_p.hostname, $0.id) < ($1.description_p.hostname, $1.id)
        }
        return Listing(
            columns: self.columns,
            rows: sorted.map { node in
                let own = node.id == ownID
                return .init(
                    id: node.id,
                    cells: [
                        node.id, own ? "true" : "false", node.id + (own ? " *" : ""),
                        node.description_p.hostname,
                        Words.title(Words.nodeState(node.status.state)),
                        Words.title(Words.availability(node.spec.availability)),
                        Self.manager(node), node.description_p.engine.engineVersion, Self.tls(node, issuer),
                    ]
                )
            }
        )
    }

    /// How long a node may take to come to work after it has joined.
    private static let arrival = Duration.seconds(60)

    /// A line for each node that has joined and never came to work, the oldest first.
    ///
    /// Nobody but an operator knows whether it is still to come: its join may have been given up.
    static func neverSeen(_ nodes: [SwarmNode], now: Timestamp) -> [String] {
        let unseen = nodes.filter { node in
            node.meta.hasCreatedAt && !node.hasDescription_p && node.status.state != .ready
                && now - Timestamp(node.meta.createdAt) > Self.arrival
        }
        return unseen.map { ($0.id, Timestamp($0.meta.createdAt)) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map
        { id, joined in
            TextTable.plain(
                "WARNING: node \(id) joined \(TimeText.ago(now - joined)) ago and was never seen since: `swarmd node rm "
                    + "\(id)` removes it"
            )
        }
    }

    /// A line for each node whose certificate is about to end, or has ended; the most urgent first.
    ///
    /// They are no column: the table stays docker's.
    static func warnings(_ nodes: [SwarmNode], now: Timestamp) -> [String] {
        let ends = nodes.compactMap { node -> (end: Timestamp, line: String)? in
            guard let validity = IssuedCertificate(chain: node.certificate.certificate)?.validity else {
                return nil
            }
            let (start, end) = (validity.lowerBound, validity.upperBound)
            let name = Self.name(node)
            switch Urgency(starts: start, ends: end, now: now) {
            case .fine: return nil
            case .soon, .critical:
                let left = TimeText.ago(end - now)
                let line = "the certificate of \(name) ends in \(left): it should have been renewed"
                return (end, "WARNING: \(line)")
            case .expired:
                let past = TimeText.ago(now - end)
                let line = "the certificate of \(name) ended \(past) ago: the node may only renew it"
                return (end, "WARNING: \(line)")
            }
        }
        return ends.sorted { ($0.end, $0.line) < ($1.end, $1.line) }.map { TextTable.plain($0.line) }
    }

    /// One line for each reason why nodes wait for certificates that nobody has signed yet, with their names.
    static func waits(_ nodes: [SwarmNode]) -> [String] {
        let waiting = nodes.filter {
            [.pending, .renew].contains($0.certificate.status.state) && !$0.certificate.status.err.isEmpty
        }
        return Dictionary(grouping: waiting, by: \.certificate.status.err).sorted { $0.key < $1.key }
            .map { reason, nodes in
                let names = Set(nodes.map(Self.name)).sorted()
                let more = names.count > Self.named ? " and \(names.count - Self.named) more" : ""
                let list = names.prefix(Self.named).joined(separator: ", ") + more
                return TextTable.plain("WARNING: no certificate yet for \(list): \(reason)")
            }
    }

    /// How many nodes a line names.
    private static let named = 5

    private static func name(_ node: SwarmNode) -> String {
        node.description_p.hostname.isEmpty ? node.id : node.description_p.hostname
    }

    /// docker's words for how a node's certificate stands to the root that counts.
    private static func tls(_ node: SwarmNode, _ issuer: [UInt8]?) -> String {
        let own = node.description_p.tlsInfo.certIssuerPublicKey
        guard let issuer, !own.isEmpty else { return "Unknown" }
        return Array(own) == issuer ? "Ready" : "Needs Rotation"
    }

    private static func manager(_ node: SwarmNode) -> String {
        guard node.hasManagerStatus else { return "" }
        return node.managerStatus.leader
            ? "Leader" : Words.title(Words.reachability(node.managerStatus.reachability))
    }
}
