import Allocation
import GRPCCore
import Primitives
import SwarmAPI

/// What a network's spec may say (SwarmKit `controlapi/network.go`, `validateNetworkSpec`).
///
/// Pure: what needs the store is in `NetworkConflict`.
enum NetworkSpecValidation {
    /// The IPAM driver of ours; there are no plugins of that sort.
    private static let ipamDriver = "default"

    /// Drivers that a network may have (libnetwork's built-in ones); there are no plugins of that sort.
    private static let drivers: Set = ["overlay", "bridge", "host", "macvlan", "ipvlan"]

    static func check(_ spec: SwarmNetworkSpec) throws(RPCError) {
        if spec.attachable && spec.ingress { throw .invalid("ingress network cannot be attachable") }
        try NameValidation.checkDNS(spec.annotations.name)
        if spec.annotations.labels[SwarmNetwork.predefinedLabel] != nil {
            throw RPCError(
                code: .permissionDenied,
                message:
                    "label \(SwarmNetwork.predefinedLabel) is for internally created predefined networks "
                    + "and cannot be applied by users"
            )
        }
        if spec.hasDriverConfig {
            if spec.ingress && spec.driverConfig.name != SwarmNetwork.defaultDriver {
                throw .unimplemented("only overlay driver is currently supported for ingress network")
            }
            try Self.check(spec.driverConfig, among: Self.drivers)
        }
        if spec.hasIpam { try Self.check(spec.ipam) }
        try Self.checkTunnels(of: spec)
    }

    private static func check(_ driver: SwarmDriver, among known: Set<String>) throws(RPCError) {
        guard !driver.name.isEmpty else {
            throw .invalid("driver name: if driver is specified name is required")
        }
        guard known.contains(driver.name.lowercased()) else {
            throw .invalid("plugin \(driver.name) not supported")
        }
    }

    private static func check(_ ipam: SwarmIPAMOptions) throws(RPCError) {
        if ipam.hasDriver { try Self.check(ipam.driver, among: [Self.ipamDriver]) }
        var blocks: [AddressBlock] = []
        for config in ipam.configs {
            let block = try Self.checked(config)
            if let other = blocks.first(where: { $0.overlaps(block) }) {
                throw .invalid("ipam configuration: subnets \(other) and \(block) overlap")
            }
            blocks.append(block)
        }
    }

    /// The subnet of the configuration.
    private static func checked(_ config: SwarmIPAMConfig) throws(RPCError) -> AddressBlock {
        guard let subnet = AddressBlock(config.subnet) else {
            throw .invalid("ipam configuration: invalid subnet \(config.subnet)")
        }
        if !config.range.isEmpty {
            guard let range = AddressBlock(config.range) else {
                throw .invalid("ipam configuration: invalid range \(config.range)")
            }
            guard subnet.contains(range.first) else {
                throw .invalid(
                    "ipam configuration: subnet \(config.subnet) does not contain range \(config.range)"
                )
            }
        }
        if !config.gateway.isEmpty {
            guard let gateway = IPAddress(config.gateway) else {
                throw .invalid("ipam configuration: invalid gateway \(config.gateway)")
            }
            guard subnet.contains(gateway) else {
                throw .invalid(
                    "ipam configuration: subnet \(config.subnet) does not contain gateway \(config.gateway)"
                )
            }
        }
        for (name, text) in config.reserved.sorted(by: { $0.key < $1.key }) {
            guard let address = IPAddress(text), subnet.contains(address) else {
                throw .invalid(
                    "ipam configuration: subnet \(config.subnet) does not contain the reserved address \(text) "
                        + "(\(name))"
                )
            }
        }
        return subnet
    }

    private static func checkTunnels(of spec: SwarmNetworkSpec) throws(RPCError) {
        guard let text = spec.driverConfig.options[VXLANList.key] else { return }
        guard let numbers = VXLANList.parse(text), Set(numbers).count == numbers.count,
            numbers.allSatisfy({ $0 <= VXLANList.range.upperBound })
        else {
            throw .invalid("driver option \(VXLANList.key): invalid list \(text)")
        }
    }
}
