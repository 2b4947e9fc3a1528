import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Gives a network its driver's state, and an overlay network subnets, gateways and tunnel numbers
/// (SwarmKit's `cnmallocator`, `Allocate`).
enum NetworkDraft {
    /// Where the subnets of a network that names none come from.
    private static let ipamDriver = "default"

    /// The network with all that it is given; what it already has, it keeps.
    static func allocate(
        _ network: SwarmNetwork,
        on state: StoreState,
        from ledger: inout Ledger
    ) throws(Shortage) -> SwarmNetwork {
        var allocated = network
        guard !network.isNodeLocal else {
            allocated.driverState = .with { $0.name = network.driverName }
            // Older Docker workers fail where there is no driver.
            allocated.ipam = .with { $0.driver = SwarmDriver() }
            return allocated
        }
        guard network.driverName == SwarmNetwork.defaultDriver else {
            throw Shortage("driver \(network.driverName) is not known to this cluster")
        }
        if network.isIngress, let other = state.ingressNetwork, other.id != network.id {
            throw Shortage("network \(other.spec.annotations.name) is the ingress network already")
        }
        if !network.isAllocated { allocated.ipam = try Self.ipam(of: network, on: state, from: &ledger) }
        allocated.driverState = try Self.driverState(of: allocated, from: &ledger)
        return allocated
    }

    private static func ipam(
        of network: SwarmNetwork,
        on state: StoreState,
        from ledger: inout Ledger
    ) throws(Shortage) -> SwarmIPAMOptions {
        var ipam = SwarmIPAMOptions()
        ipam.driver = network.spec.ipam.driver
        if ipam.driver.name.isEmpty { ipam.driver.name = Self.ipamDriver }
        ipam.configs = network.hasIpam ? network.ipam.configs : network.spec.ipam.configs
        // Tunnels have a number for each subnet of version 4: an overlay network always has one.
        if !ipam.configs.contains(where: { AddressBlock($0.subnet)?.isVersion4 ?? $0.subnet.isEmpty }) {
            ipam.configs.insert(.with { $0.family = .ipv4 }, at: 0)
        }
        for index in ipam.configs.indices {
            let cluster = state.clusters.named("default") ?? state.clusters.first
            let block = try Self.subnet(ipam.configs[index], cluster, &ledger)
            ipam.configs[index].subnet = "\(block)"
            try Self.fillGateway(&ipam.configs[index], of: network.id, &ledger)
        }
        return ipam
    }

    private static func subnet(
        _ config: SwarmIPAMConfig,
        _ cluster: SwarmCluster?,
        _ ledger: inout Ledger
    ) throws(Shortage) -> AddressBlock {
        guard !config.subnet.isEmpty else {
            guard let block = ledger.subnets.free(in: cluster) else {
                throw Shortage("no subnet is left in the cluster's address pools")
            }
            ledger.take(block)
            return block
        }
        guard let block = AddressBlock(config.subnet) else {
            throw Shortage("subnet \(config.subnet) cannot be read")
        }
        if let other = ledger.subnets.conflict(with: block) {
            throw Shortage("subnet \(block) overlaps with \(other), which another network has")
        }
        ledger.take(block)
        return block
    }

    private static func fillGateway(
        _ config: inout SwarmIPAMConfig,
        of network: String,
        _ ledger: inout Ledger
    ) throws(Shortage) {
        guard config.gateway.isEmpty else { return }
        guard let pool = AddressPool(config), let address = ledger.takeAddress(in: network, pool) else {
            throw Shortage("subnet \(config.subnet) has no address for a gateway")
        }
        config.gateway = "\(address)"
    }

    private static func driverState(
        of network: SwarmNetwork,
        from ledger: inout Ledger
    ) throws(Shortage) -> SwarmDriver {
        var options = network.spec.driverConfig.options
        options.merge(network.driverState.options) { _, state in state }
        let text = options[VXLANList.key] ?? ""
        guard var numbers = VXLANList.parse(text) else {
            throw Shortage("\(VXLANList.key) \(text) cannot be read")
        }
        numbers = Array(numbers.prefix(network.tunnels))
        let held = Set(VXLANList.numbers(of: network))
        for number in numbers where !network.isAllocated || !held.contains(number) {
            try Self.take(number, &ledger)
        }
        for _ in numbers.count..<network.tunnels {
            guard let number = ledger.takeNumber() else { throw Shortage("no tunnel number is left") }
            numbers.append(number)
        }
        options[VXLANList.key] = VXLANList.text(numbers)
        return .with {
            $0.name = network.driverName
            $0.options = options
        }
    }

    private static func take(_ number: UInt32, _ ledger: inout Ledger) throws(Shortage) {
        guard number <= VXLANList.range.upperBound else {
            throw Shortage("tunnel number \(number) is above \(VXLANList.range.upperBound)")
        }
        guard ledger.numbers.isFree(number) else {
            throw Shortage("tunnel number \(number) is another network's")
        }
        ledger.take(number: number)
    }
}

extension SwarmNetwork {
    /// How many tunnels an overlay network has: one for each subnet of version 4.
    var tunnels: Int { self.pools.lazy.filter(\.block.isVersion4).count }

    /// Whether it has all that the allocator gives a network.
    var isComplete: Bool {
        self.isAllocated && (self.isNodeLocal || VXLANList.numbers(of: self).count >= self.tunnels)
    }
}
