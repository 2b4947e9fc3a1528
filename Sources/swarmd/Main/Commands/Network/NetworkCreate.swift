import ArgumentParser
import ControlClient
import Primitives
import SwarmAPI
import SwiftProtobuf

/// `swarmd network create`.
struct NetworkCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a network.",
        discussion: """
            An overlay network spans the nodes of the cluster; it gets a subnet of the cluster's pools where --subnet \
            names none. Networks of the other drivers (bridge, host, macvlan, ipvlan) are made by each node for itself.

            EXAMPLES
              swarmd network create front
              swarmd network create --subnet 10.20.0.0/16 --ip-range 10.20.8.0/24 --gateway 10.20.0.1 back
              swarmd network create --driver overlay --opt encrypted --attachable secret
              swarmd network create --ingress --subnet 10.255.0.0/16 ingress
            """
    )

    @OptionGroup var daemon: SocketOption
    @Option(name: [.customShort("d"), .long], help: "Driver: overlay, bridge, host, macvlan or ipvlan.")
    var driver: String = "overlay"
    @Option(
        name: [.customShort("o"), .customLong("opt")],
        parsing: .unconditionalSingleValue,
        help: "Set an option of the driver, key=value; `encrypted` stands alone."
    )
    var options: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Network label, key=value.") var label: [String] = []
    @Flag(help: "Let containers that are no tasks attach, too.") var attachable = false
    @Flag(help: "Keep the network from the outside.") var `internal` = false
    @Flag(help: "Make the network of the routing mesh, of which there is one.") var ingress = false
    @Flag(help: "Give IPv6 addresses, too: needs a --subnet of that version.") var ipv6 = false
    @Option(
        name: .customLong("config-from"),
        help: ArgumentHelp("Take the settings of a network that each node has.", valueName: "network")
    )
    var configFrom: String?
    @Option(help: "Where the network is: swarm, which is all that there is here.") var scope: String = "swarm"
    @OptionGroup(title: "Addresses") var addresses: AddressingFlags
    @Argument(help: "Name.") var name: String

    func run() async throws {
        let spec = try self.spec()
        let network = try await self.daemon.connect { try await $0.create(spec) }
        try Terminal.out(network.id)
    }

    /// The spec that the flags describe.
    func spec() throws(CommandError) -> SwarmNetworkSpec {
        guard self.scope == "swarm" else {
            throw .flag("--scope", self.scope, "networks of the cluster have the scope swarm")
        }
        var spec = SwarmNetworkSpec()
        spec.annotations.name = self.name
        for text in self.label {
            let (key, value) = try Units.label(text, flag: "--label")
            spec.annotations.labels[key] = value
        }
        spec.driverConfig.name = self.driver
        for text in self.options {
            let (key, value) = try Units.label(text, flag: "--opt")
            spec.driverConfig.options[key] = value
        }
        spec.attachable = self.attachable
        spec.internal = self.internal
        spec.ingress = self.ingress
        spec.ipv6Enabled = self.ipv6
        if let name = self.configFrom { spec.network = name }
        spec.ipam = try self.addresses.ipam()
        if self.ipv6, !spec.ipam.configs.contains(where: { AddressBlock($0.subnet)?.isVersion4 == false }) {
            throw CommandError("--ipv6 needs a --subnet of IPv6, as in --subnet fd00:1::/64")
        }
        return spec
    }
}

/// The flags that say which addresses a network gives out; each gateway, range and reserved address belongs to the
/// subnet that it is in.
struct AddressingFlags: ParsableArguments {
    @Option(parsing: .unconditionalSingleValue, help: "Subnet, as in 10.20.0.0/16; may be given again.")
    var subnet: [String] = []
    @Option(
        name: .customLong("ip-range"),
        parsing: .unconditionalSingleValue,
        help: "Part of a subnet that addresses are taken from."
    )
    var ipRange: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Gateway of a subnet.") var gateway: [String] = []
    @Option(
        name: .customLong("aux-address"),
        parsing: .unconditionalSingleValue,
        help: "Address that is not given out, name=address."
    )
    var auxAddress: [String] = []
    @Option(name: .customLong("ipam-driver"), help: "Who gives out addresses: default.")
    var ipamDriver: String = "default"
    @Option(
        name: .customLong("ipam-opt"),
        parsing: .unconditionalSingleValue,
        help: "Set an option of the IPAM driver, key=value."
    )
    var ipamOpt: [String] = []

    func ipam() throws(CommandError) -> SwarmIPAMOptions {
        var ipam = SwarmIPAMOptions()
        ipam.driver.name = self.ipamDriver
        for text in self.ipamOpt {
            let (key, value) = try Units.label(text, flag: "--ipam-opt")
            ipam.driver.options[key] = value
        }
        var blocks: [AddressBlock] = []
        for text in self.subnet {
            guard let block = AddressBlock(text) else {
                throw .flag("--subnet", text, "give a subnet, as in 10.20.0.0/16")
            }
            if let other = blocks.first(where: { $0.overlaps(block) }) {
                throw .flag("--subnet", text, "it overlaps with \(other)")
            }
            blocks.append(block)
            ipam.configs.append(
                .with {
                    $0.family = block.isVersion4 ? .ipv4 : .ipv6
                    $0.subnet = "\(block)"
                }
            )
        }
        for text in self.ipRange {
            let range = AddressBlock(text)
            let place = try Self.place(of: range?.first, text, "--ip-range", in: blocks)
            guard let range, blocks[place].contains(range) else {
                throw .flag("--ip-range", text, "it is larger than the subnet \(blocks[place])")
            }
            guard ipam.configs[place].range.isEmpty else {
                throw .flag("--ip-range", text, "the subnet \(blocks[place]) has a range already")
            }
            ipam.configs[place].range = "\(range)"
        }
        try self.applyAddresses(to: &ipam, blocks)
        return ipam
    }

    private func applyAddresses(
        to ipam: inout SwarmIPAMOptions,
        _ blocks: [AddressBlock]
    ) throws(CommandError) {
        for text in self.gateway {
            let place = try Self.place(of: IPAddress(text), text, "--gateway", in: blocks)
            guard ipam.configs[place].gateway.isEmpty else {
                throw .flag("--gateway", text, "the subnet \(blocks[place]) has a gateway already")
            }
            ipam.configs[place].gateway = text
        }
        for text in self.auxAddress {
            let (name, address) = try Units.label(text, flag: "--aux-address")
            let place = try Self.place(of: IPAddress(address), text, "--aux-address", in: blocks)
            ipam.configs[place].reserved[name] = address
        }
    }

    /// The subnet that `address` is in.
    private static func place(
        of address: IPAddress?,
        _ text: String,
        _ flag: String,
        in blocks: [AddressBlock]
    ) throws(CommandError) -> Int {
        guard let address else { throw .flag(flag, text, "it cannot be read as an address") }
        guard let place = blocks.firstIndex(where: { $0.contains(address) }) else {
            let problem = blocks.isEmpty ? "give the subnet too, with --subnet" : "no --subnet has it"
            throw .flag(flag, text, problem)
        }
        return place
    }
}
