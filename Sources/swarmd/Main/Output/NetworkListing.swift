import SwarmAPI
import SwiftProtobuf

/// Lists networks as `docker network ls` does, with their subnets.
enum NetworkListing {
    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: "NETWORK ID"), .init(key: "Name", heading: "NAME"),
        .init(key: "Driver", heading: "DRIVER"), .init(key: "Scope", heading: "SCOPE"),
        .init(key: "Subnets", heading: "SUBNETS"), .init(key: "Internal", heading: nil),
        .init(key: "IPv6", heading: nil), .init(key: "Labels", heading: nil),
        .init(key: "CreatedAt", heading: nil),
    ]

    static func make(_ networks: [SwarmNetwork], wholeIDs: Bool = false) -> Listing {
        let sorted = networks.sorted { ($0.spec.annotations.name, $0.id) < ($1.spec.annotations.name, $1.id) }
        return Listing(
            columns: self.columns,
            rows: sorted.map { network in
                let id = Words.short(network.id, whole: wholeIDs)
                let labels = network.spec.annotations.labels.sorted { $0.key < $1.key }
                return .init(
                    id: id,
                    cells: [
                        id, network.spec.annotations.name, self.driver(of: network), "swarm",
                        network.ipam.configs.map(\.subnet).filter { !$0.isEmpty }.joined(separator: ", "),
                        "\(network.spec.internal)", "\(network.spec.ipv6Enabled)",
                        labels.map { "\($0.key)=\($0.value)" }.joined(separator: ","),
                        TimeText.rfc3339(.init(network.meta.createdAt)),
                    ]
                )
            }
        )
    }

    /// The driver that the network has or, as long as it has none, will have.
    static func driver(of network: SwarmNetwork) -> String {
        if !network.driverState.name.isEmpty { return network.driverState.name }
        let name = network.spec.driverConfig.name
        return name.isEmpty ? "overlay" : name
    }
}
