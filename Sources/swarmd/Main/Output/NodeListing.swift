import SwarmAPI

/// Lists nodes as `docker node ls` does.
enum NodeListing {
    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: nil), .init(key: "Self", heading: nil),
        .init(key: "MarkedID", heading: "ID"), .init(key: "Hostname", heading: "HOSTNAME"),
        .init(key: "Status", heading: "STATUS"), .init(key: "Availability", heading: "AVAILABILITY"),
        .init(key: "ManagerStatus", heading: "MANAGER STATUS"),
        .init(key: "EngineVersion", heading: "ENGINE VERSION"),
    ]

    /// The listing, with the node `ownID` marked by an asterisk.
    static func make(_ nodes: [SwarmNode], ownID: String?) -> Listing {
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
                        Self.manager(node), node.description_p.engine.engineVersion,
                    ]
                )
            }
        )
    }

    private static func manager(_ node: SwarmNode) -> String {
        guard node.hasManagerStatus else { return "" }
        return node.managerStatus.leader
            ? "Leader" : Words.title(Words.reachability(node.managerStatus.reachability))
    }
}
