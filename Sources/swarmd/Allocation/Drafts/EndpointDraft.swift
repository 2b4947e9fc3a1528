import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// The endpoint that a service should have, as far as it follows from what there is
/// (SwarmKit `manager/allocator`, `allocateService` and `reconcilePortConfigs`).
///
/// Ports and addresses that the service has and still needs are kept; what is missing has to be taken from the
/// ledger.
struct EndpointDraft: Sendable {
    /// The endpoint without what is missing; nil if the service needs none.
    private(set) var endpoint: SwarmEndpoint?
    private let service: SwarmService
    /// Places of ingress ports that the service does not hold yet.
    private var ports: [Int] = []
    /// Places of virtual addresses without an address.
    private var addresses: [(place: Int, network: SwarmNetwork)] = []

    /// Throws if the service cannot have an endpoint now, whatever is free.
    init(of service: SwarmService, on state: StoreState, ingress: SwarmNetwork?) throws(Shortage) {
        self.service = service
        let networks = try Self.networks(of: service, on: state, ingress: ingress)
        guard service.spec.hasEndpoint || !networks.isEmpty else { return }
        var endpoint = SwarmEndpoint()
        if service.spec.hasEndpoint { endpoint.spec = service.spec.endpoint }
        endpoint.ports = service.spec.endpoint.ports
        self.endpoint = endpoint
        self.keepPorts()
        if service.spec.endpoint.mode == .vip { self.keepAddresses(networks) }
    }

    /// Whether the service has all of it.
    var isPresent: Bool {
        guard let endpoint else { return !self.service.hasEndpoint }
        return self.ports.isEmpty && self.addresses.isEmpty && self.service.hasEndpoint
            && endpoint == self.service.endpoint
    }

    /// The networks that need a virtual address: that of the mesh first.
    private static func networks(
        of service: SwarmService,
        on state: StoreState,
        ingress: SwarmNetwork?
    ) throws(Shortage) -> [SwarmNetwork] {
        var networks: [SwarmNetwork] = []
        if service.spec.needsIngress {
            guard let ingress else { throw Shortage("ingress network is missing") }
            networks.append(ingress)
        }
        for config in service.spec.attachedNetworks {
            guard let network = state.networks[config.target] ?? state.networks.named(config.target) else {
                throw Shortage("network \(config.target) not found")
            }
            networks.append(network)
        }
        for network in networks where !network.isAllocated { throw Shortage(waitingFor: network) }
        return networks
    }

    private mutating func keepPorts() {
        guard var endpoint else { return }
        var held = self.service.endpoint.ports.filter { $0.publishMode == .ingress }
        func take(where fits: (SwarmPortConfig) -> Bool) -> SwarmPortConfig? {
            held.firstIndex(where: fits).map { held.remove(at: $0) }
        }
        let wanted = endpoint.ports.indices.filter { endpoint.ports[$0].publishMode == .ingress }
        // Ports that the spec names come first: what is left may serve those that it leaves open.
        for place in wanted where endpoint.ports[place].publishedPort != 0 {
            let port = endpoint.ports[place]
            let kept = take { $0.protocol == port.protocol && $0.publishedPort == port.publishedPort }
            if kept == nil { self.ports.append(place) }
        }
        for place in wanted where endpoint.ports[place].publishedPort == 0 {
            let port = endpoint.ports[place]
            let kept = take {
                $0.name == port.name && $0.protocol == port.protocol && $0.targetPort == port.targetPort
                    && $0.publishedPort != 0
            }
            if let kept {
                endpoint.ports[place].publishedPort = kept.publishedPort
            } else {
                self.ports.append(place)
            }
        }
        self.endpoint = endpoint
    }

    private mutating func keepAddresses(_ networks: [SwarmNetwork]) {
        guard var endpoint else { return }
        var open = networks
        for held in self.service.endpoint.virtualIps {
            guard let place = open.firstIndex(where: { $0.id == held.networkID }) else { continue }
            let network = open.remove(at: place)
            let isThere = network.isNodeLocal || Self.isUsable(held.addr, in: network)
            endpoint.virtualIps.append(isThere ? held : .with { $0.networkID = network.id })
            if !isThere { self.addresses.append((endpoint.virtualIps.count - 1, network)) }
        }
        for network in open {
            endpoint.virtualIps.append(.with { $0.networkID = network.id })
            if !network.isNodeLocal { self.addresses.append((endpoint.virtualIps.count - 1, network)) }
        }
        self.endpoint = endpoint
    }

    private static func isUsable(_ text: String, in network: SwarmNetwork) -> Bool {
        guard let (address, _) = AddressBlock.parts(of: text) else { return false }
        return network.pools.contains { $0.allows(address) }
    }

    /// What the service has now, without what it does not need any more: that is given back even while the rest waits.
    var remainder: SwarmEndpoint {
        var rest = self.service.endpoint
        let addresses = self.endpoint?.virtualIps ?? []
        rest.virtualIps.removeAll { !addresses.contains($0) }
        let missing = Set(self.ports)
        let kept = (self.endpoint?.ports ?? []).enumerated().filter { !missing.contains($0.offset) }.map(
            \.element
        )
        rest.ports.removeAll { port in
            port.publishMode == .ingress
                && !kept.contains { $0.publishedPort == port.publishedPort && $0.protocol == port.protocol }
        }
        return rest
    }

    /// The endpoint with what was missing; throws if there is not enough.
    func filled(from ledger: inout Ledger) throws(Shortage) -> SwarmEndpoint? {
        guard var endpoint else { return nil }
        for place in self.ports {
            let port = endpoint.ports[place]
            if port.publishedPort == 0 {
                guard let number = ledger.takePort(port.protocol) else {
                    throw Shortage("no port of \(Ledger.dynamicPorts.text) is left")
                }
                endpoint.ports[place].publishedPort = number
            } else {
                let wanted = PublishedPort(port.publishedPort, port.protocol)
                guard ledger.isFree(wanted) else {
                    throw Shortage("port \(wanted) is published by another service")
                }
                ledger.take(wanted)
            }
        }
        for (place, network) in self.addresses {
            endpoint.virtualIps[place].addr = try AddressChoice.any(of: network, from: &ledger)
        }
        return endpoint
    }
}

extension ClosedRange<UInt32> {
    /// `30000-32767`.
    fileprivate var text: String { "\(self.lowerBound)-\(self.upperBound)" }
}
