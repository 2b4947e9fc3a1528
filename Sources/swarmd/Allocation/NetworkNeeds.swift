import StoreCore
import SwarmAPI
import SwiftProtobuf

/// What the network has to provide before tasks of a service can be scheduled.
enum NetworkNeeds: Sendable, Equatable {
    /// Nothing has to be reserved: the service gets this endpoint, its tasks these attachments.
    case none(endpoint: SwarmEndpoint?, attachments: [SwarmNetworkAttachment])
    /// Something that cannot be provided; the text says what.
    case unavailable(String)

    /// The label that marks the networks that every node has of its own: host and bridge.
    static let predefinedLabel = "com.docker.swarm.predefined"

    /// Reads the needs of a task: those of its spec, and of its service's endpoint and old network list.
    init(of spec: SwarmTaskSpec, service: SwarmServiceSpec?, on state: StoreState) {
        let endpoint = service.flatMap { $0.hasEndpoint ? $0.endpoint : nil }
        if endpoint?.ports.contains(where: { $0.publishMode != .host }) == true {
            self = .unavailable("ingress ports are not available yet")
            return
        }
        var attachments: [SwarmNetworkAttachment] = []
        for config in spec.networks.isEmpty ? service?.networks ?? [] : spec.networks {
            guard let network = state.networks[config.target] ?? state.networks.named(config.target) else {
                self = .unavailable("network \(config.target) not found")
                return
            }
            guard network.isNodeLocal else {
                let name = network.spec.annotations.name
                self = .unavailable("network \(name) needs addresses, which are not available yet")
                return
            }
            attachments.append(
                .with {
                    $0.network = network.withDriver
                    $0.aliases = config.aliases
                    $0.driverAttachmentOpts = config.driverAttachmentOpts
                }
            )
        }
        self = .none(endpoint: endpoint.map(SwarmEndpoint.init(spec:)), attachments: attachments)
    }
}

extension SwarmEndpoint {
    /// The endpoint of a service whose ports are all the hosts' own: it says what its spec says.
    init(spec: SwarmEndpointSpec) {
        self.init()
        self.spec = spec
        self.ports = spec.ports
    }
}

extension SwarmNetwork {
    private static let nodeLocalDrivers: Set = ["host", "bridge", "none", "null"]

    /// Whether every node has the network of its own, so that nothing is allocated for it.
    fileprivate var isNodeLocal: Bool {
        self.spec.annotations.labels[NetworkNeeds.predefinedLabel] == "true"
            || Self.nodeLocalDrivers.contains(self.spec.driverConfig.name)
    }

    /// The network with a driver, without which stock Docker workers fail.
    fileprivate var withDriver: SwarmNetwork {
        guard self.driverState.name.isEmpty else { return self }
        var network = self
        let driver = self.spec.driverConfig.name
        network.driverState.name = driver.isEmpty ? self.spec.annotations.name : driver
        return network
    }
}
