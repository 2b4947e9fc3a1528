import Primitives
import SwarmAPI
import SwiftProtobuf

extension DockerJSON {
    /// A network as `docker network inspect` shows it; `use` adds what `--verbose` adds.
    static func network(_ network: SwarmNetwork, use: NetworkUse?) -> JSON {
        let spec = network.spec
        return .fields(
            ("Name", .string(spec.annotations.name)),
            ("Id", .string(network.id)),
            ("Created", moment(network.meta.createdAt)),
            ("Scope", .string("swarm")),
            ("Driver", .string(NetworkListing.driver(of: network))),
            ("EnableIPv6", .bool(spec.ipv6Enabled)),
            ("IPAM", self.ipam(network, use)),
            ("Internal", .bool(spec.internal)),
            ("Attachable", .bool(spec.attachable)),
            ("Ingress", .bool(spec.ingress)),
            ("ConfigFrom", .fields(("Network", .string(spec.network)))),
            ("ConfigOnly", .bool(false)),
            (
                "Options",
                .map(network.hasDriverState ? network.driverState.options : spec.driverConfig.options)
            ),
            ("Labels", .map(spec.annotations.labels)),
            ("Services", use.map(self.services)),
            ("Nodes", use.map(self.nodes))
        )
    }

    /// The networks of a task with its addresses there, as docker shows them, without all of each network.
    static func attachments(_ attachments: [SwarmNetworkAttachment]) -> JSON? {
        guard !attachments.isEmpty else { return nil }
        return .array(
            attachments.map { attachment in
                .fields(
                    (
                        "Network",
                        .fields(
                            ("ID", .string(attachment.network.id)),
                            ("Name", .string(attachment.network.spec.annotations.name))
                        )
                    ),
                    ("Addresses", texts(attachment.addresses))
                )
            }
        )
    }

    /// The addresses: those that were given, else those that were asked for.
    private static func ipam(_ network: SwarmNetwork, _ use: NetworkUse?) -> JSON {
        let ipam = network.hasIpam ? network.ipam : network.spec.ipam
        let addresses = use.map { Set($0.addresses) }
        return .fields(
            ("Driver", .string(ipam.driver.name.isEmpty ? "default" : ipam.driver.name)),
            ("Options", map(ipam.driver.options)),
            (
                "Config",
                .array(
                    ipam.configs.map { config in
                        let block = AddressBlock(config.subnet)
                        let used = addresses.map { held in held.count { block?.contains($0) == true } }
                        return .fields(
                            ("Subnet", text(config.subnet)),
                            ("IPRange", text(config.range)),
                            ("Gateway", text(config.gateway)),
                            ("AuxiliaryAddresses", map(config.reserved)),
                            ("AddressesInUse", used.map { .integer(Int64($0)) })
                        )
                    }
                )
            )
        )
    }

    /// The services with their virtual address and tasks, as docker shows them.
    private static func services(_ use: NetworkUse) -> JSON {
        .object(
            use.services.map { service in
                let address = service.endpoint.virtualIps.first { $0.networkID == use.network.id }?.addr ?? ""
                let ports = service.endpoint.ports.filter { $0.publishMode == .ingress }
                    .map { "Target: \($0.targetPort), Publish: \($0.publishedPort)" }
                let tasks = use.tasks.filter { $0.serviceID == service.id }
                return .init(
                    key: service.spec.annotations.name,
                    value: .fields(
                        ("VIP", .string(String(address.prefix { $0 != "/" }))),
                        ("Ports", .strings(use.network.spec.ingress ? ports : [])),
                        ("Tasks", .array(tasks.map { self.task($0, of: service, in: use.network) }))
                    )
                )
            }
        )
    }

    private static func task(_ task: SwarmTask, of service: SwarmService, in network: SwarmNetwork) -> JSON {
        let place = task.slot == 0 ? task.nodeID : "\(task.slot)"
        let addresses = task.networks.first { $0.network.id == network.id }?.addresses ?? []
        return .fields(
            ("Name", .string("\(service.spec.annotations.name).\(place).\(task.id)")),
            (
                "EndpointIP",
                .string(addresses.map { String($0.prefix { $0 != "/" }) }.joined(separator: ", "))
            ),
            ("NodeID", text(task.nodeID)),
            ("State", .string(Words.state(task.status.state)))
        )
    }

    private static func nodes(_ use: NetworkUse) -> JSON {
        .array(
            use.nodes.map { node in
                let addresses = node.attachments.first { $0.network.id == use.network.id }?.addresses ?? []
                return .fields(
                    ("Name", .string(node.description_p.hostname)),
                    ("NodeID", .string(node.id)),
                    ("Addresses", .strings(addresses))
                )
            }
        )
    }
}
