import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

/// The flags that make networks, and that attach services to them.
@Suite struct NetworkFlagsTests {
    private static func spec(_ arguments: [String]) throws -> SwarmNetworkSpec {
        let command = try SwarmdCommand.parseAsRoot(["network", "create"] + arguments)
        return try #require(command as? NetworkCreate).spec()
    }

    private static func network(_ name: String) -> SwarmNetwork {
        .with {
            $0.id = "id-\(name)"
            $0.spec.annotations.name = name
        }
    }

    @Test func `the least that creates a network`() throws {
        let spec = try Self.spec(["front"])
        #expect(spec.annotations.name == "front")
        #expect(spec.driverConfig.name == "overlay")
        #expect(spec.ipam.driver.name == "default" && spec.ipam.configs.isEmpty)
        #expect(!spec.attachable && !spec.ingress && !spec.internal && !spec.ipv6Enabled)
    }

    @Test func `every flag has its field`() throws {
        let spec = try Self.spec([
            "--driver", "overlay", "-o", "encrypted", "--opt", "mtu=1400", "--label", "tier=1",
            "--attachable",
            "--internal", "--ipv6", "--subnet", "10.20.0.0/16", "--subnet", "fd00:1::/64", "--gateway",
            "10.20.0.1",
            "--ip-range", "10.20.8.0/24", "--aux-address", "router=10.20.0.9", "--ipam-opt", "a=b", "back",
        ])
        #expect(spec.driverConfig.options == ["encrypted": "", "mtu": "1400"])
        #expect(spec.annotations.labels == ["tier": "1"])
        #expect(spec.attachable && spec.internal && spec.ipv6Enabled)
        #expect(spec.ipam.driver.options == ["a": "b"])
        let older = try #require(spec.ipam.configs.first)
        #expect(older.subnet == "10.20.0.0/16" && older.gateway == "10.20.0.1" && older.family == .ipv4)
        #expect(older.range == "10.20.8.0/24" && older.reserved == ["router": "10.20.0.9"])
        #expect(spec.ipam.configs.last?.subnet == "fd00:1::/64" && spec.ipam.configs.last?.family == .ipv6)
    }

    @Test(arguments: [
        (
            ["--subnet", "10.20.0.0", "a"],
            "invalid value \"10.20.0.0\" for --subnet: give a subnet, as in 10.20.0.0/16"
        ),
        (
            ["--subnet", "10.0.0.0/8", "--subnet", "10.1.0.0/16", "a"],
            "invalid value \"10.1.0.0/16\" for --subnet: it overlaps with 10.0.0.0/8"
        ),
        (
            ["--gateway", "10.0.0.1", "a"],
            "invalid value \"10.0.0.1\" for --gateway: give the subnet too, with --subnet"
        ),
        (
            ["--subnet", "10.1.0.0/16", "--gateway", "10.2.0.1", "a"],
            "invalid value \"10.2.0.1\" for --gateway: no --subnet has it"
        ),
        (
            ["--subnet", "10.1.0.0/16", "--ip-range", "10.1.0.0/8", "a"],
            "invalid value \"10.1.0.0/8\" for --ip-range: no --subnet has it"
        ),
        (
            ["--subnet", "10.0.0.0/16", "--ip-range", "10.0.0.0/8", "a"],
            "invalid value \"10.0.0.0/8\" for --ip-range: it is larger than the subnet 10.0.0.0/16"
        ),
        (["--ipv6", "a"], "--ipv6 needs a --subnet of IPv6, as in --subnet fd00:1::/64"),
        (
            ["--scope", "local", "a"],
            "invalid value \"local\" for --scope: networks of the cluster have the scope swarm"
        ),
    ])
    func `a flag that cannot be is named with what to give instead`(arguments: [String], message: String) {
        #expect(throws: CommandError(message)) { try Self.spec(arguments) }
    }

    @Test func `a service names networks in both forms`() throws {
        func parse(_ text: String) throws -> SwarmNetworkAttachmentConfig {
            try NetworkFlag.parse(text, flag: "--network")
        }
        #expect(try parse("front") == .with { $0.target = "front" })
        #expect(
            try parse("name=front,alias=web,alias=www,driver-opt=a=b,ip=10.0.1.9")
                == .with {
                    $0.target = "front"
                    $0.aliases = ["web", "www"]
                    $0.driverAttachmentOpts = ["a": "b"]
                    $0.addresses = ["10.0.1.9"]
                }
        )
        for text in ["", "alias=web", "name=", "name=front,x=y", "a,b"] {
            #expect(throws: CommandError.self, "\(text)") { try parse(text) }
        }
    }

    @Test func `names become ids, and what is unknown is told`() throws {
        let networks = [Self.network("front"), Self.network("back")]
        let configs = try ["front", "id-front", "back"].map { try NetworkFlag.parse($0, flag: "--network") }
        #expect(try NetworkFlag.resolve(configs, among: networks).map(\.target) == ["id-front", "id-back"])
        #expect(throws: ControlError.self) {
            try NetworkFlag.resolve([.with { $0.target = "gone" }], among: networks)
        }
    }

    @Test func `an update adds, changes and takes away networks`() throws {
        let networks = [Self.network("front"), Self.network("back"), Self.network("side")]
        var spec = SwarmServiceSpec.with {
            $0.task.networks = [.with { $0.target = "id-front" }, .with { $0.target = "id-back" }]
        }
        let flags = try NetworkUpdateFlags.parse([
            "--network-rm", "front", "--network-add", "name=back,alias=db", "--network-add", "side",
        ])
        try flags.apply(to: &spec, among: networks)
        #expect(spec.task.networks.map(\.target) == ["id-back", "id-side"])
        #expect(spec.task.networks.first?.aliases == ["db"])
        let again = try NetworkUpdateFlags.parse(["--network-rm", "front"])
        #expect(
            throws: CommandError(
                "invalid value \"front\" for --network-rm: the service is not attached to it"
            )
        ) { try again.apply(to: &spec, among: networks) }
    }

    @Test func `networks of an old client's service move to its tasks`() throws {
        var spec = SwarmServiceSpec.with { $0.networks = [.with { $0.target = "id-front" }] }
        try NetworkUpdateFlags.parse(["--network-add", "back"])
            .apply(to: &spec, among: [Self.network("front"), Self.network("back")])
        #expect(spec.networks.isEmpty)
        #expect(spec.task.networks.map(\.target) == ["id-front", "id-back"])
    }

    @Test(arguments: [
        (
            ["--default-addr-pool", "10.0.0.0"],
            "--default-addr-pool: 10.0.0.0 is no subnet of IPv4, as in 10.0.0.0/8"
        ),
        (
            ["--default-addr-pool", "10.0.0.0/8", "--default-addr-pool", "10.1.0.0/16"],
            "--default-addr-pool: 10.1.0.0/16 overlaps with 10.0.0.0/8"
        ),
        (
            ["--default-addr-pool", "10.0.0.0/26"],
            "--default-addr-pool-mask-length: no subnet of /24 fits into the pool 10.0.0.0/26"
        ),
        (
            ["--default-addr-pool-mask-length", "30"],
            "invalid value \"30\" for --default-addr-pool-mask-length: give a number from 1 to 29"
        ),
        (
            ["--data-path-port", "80"],
            "invalid value \"80\" for --data-path-port: give a number from 1024 to 49151"
        ),
    ])
    func `pools that nothing can be cut from are refused`(arguments: [String], message: String) throws {
        let flags = try AddressPoolFlags.parse(arguments)
        var request = SwarmdInitClusterRequest()
        #expect(throws: CommandError(message)) { try flags.apply(to: &request) }
    }

    @Test func `pools, subnets' size and the port go into the request`() throws {
        var request = SwarmdInitClusterRequest()
        try AddressPoolFlags.parse([
            "--default-addr-pool", "10.64.0.0/10", "--default-addr-pool-mask-length", "26",
            "--data-path-port", "7789",
        ]).apply(to: &request)
        #expect(request.defaultAddrPool == ["10.64.0.0/10"])
        #expect(request.defaultAddrPoolMaskLength == 26 && request.dataPathPort == 7_789)
    }
}
