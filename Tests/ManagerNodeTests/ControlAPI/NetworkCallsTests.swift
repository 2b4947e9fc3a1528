import GRPCCore
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct NetworkCallsTests {
    private static func spec(
        _ name: String = "front",
        _ change: (inout SwarmNetworkSpec) -> Void = { _ in }
    ) -> SwarmNetworkSpec {
        var spec = SwarmNetworkSpec.with { $0.annotations.name = name }
        change(&spec)
        return spec
    }

    private static func create(_ spec: SwarmNetworkSpec, on manager: TestManager) async throws -> SwarmNetwork
    {
        try await manager.control.createNetwork(request: .with { $0.spec = spec }, context: manager.context)
            .network
    }

    private static func remove(_ id: String, on manager: TestManager) async -> RPCError? {
        await rpcError {
            _ = try await manager.control.removeNetwork(
                request: .with { $0.networkID = id },
                context: manager.context
            )
        }
    }

    @Test func `a created network has its spec as it came, is got, listed and removed`() async throws {
        try await TestManager.run { manager in
            let network = try await Self.create(Self.spec { $0.attachable = true }, on: manager)
            #expect(Identifier.isValid(network.id))
            #expect(network.spec == Self.spec { $0.attachable = true })
            let got = try await manager.control.getNetwork(
                request: .with { $0.networkID = network.id },
                context: manager.context
            ).network
            #expect(got == network)
            #expect(await Self.remove(network.id, on: manager) == nil)
            #expect(await manager.state.networks.count == 0)
            #expect(await Self.remove(network.id, on: manager)?.code == .notFound)
            #expect(await Self.remove("", on: manager)?.code == .invalidArgument)
        }
    }

    @Test func `networks are listed by name, prefix, id and label`() async throws {
        try await TestManager.run { manager in
            let front = try await Self.create(Self.spec { $0.annotations.labels["tier"] = "1" }, on: manager)
            let back = try await Self.create(Self.spec("back"), on: manager)
            func list(_ filters: SwarmListNetworksRequest.Filters) async throws -> Set<String> {
                let answer = try await manager.control.listNetworks(
                    request: .with { $0.filters = filters },
                    context: manager.context
                )
                return Set(answer.networks.map(\.id))
            }
            #expect(try await list(.init()) == [front.id, back.id])
            #expect(try await list(.with { $0.names = ["back"] }) == [back.id])
            #expect(try await list(.with { $0.namePrefixes = ["fr"] }) == [front.id])
            #expect(try await list(.with { $0.idPrefixes = [String(back.id.prefix(9))] }) == [back.id])
            #expect(try await list(.with { $0.labels = ["tier": ""] }) == [front.id])
        }
    }

    /// A spec that is refused, with the code and the text that tell why.
    struct Bad: Sendable, CustomTestStringConvertible {
        let spec: SwarmNetworkSpec
        let code: RPCError.Code
        let text: String
        var testDescription: String { self.text }
    }

    private static func addresses(_ change: (inout SwarmIPAMConfig) -> Void) -> SwarmNetworkSpec {
        var config = SwarmIPAMConfig.with { $0.subnet = "10.1.0.0/16" }
        change(&config)
        return Self.spec { $0.ipam.configs = [config] }
    }

    static let bad: [Bad] = [
        Bad(spec: Self.spec(""), code: .invalidArgument, text: "meta: name must be provided"),
        Bad(
            spec: Self.spec("a b"),
            code: .invalidArgument,
            text: "name must be valid as a DNS name component"
        ),
        Bad(
            spec: Self.spec {
                $0.ingress = true
                $0.attachable = true
            },
            code: .invalidArgument,
            text: "ingress network cannot be attachable"
        ),
        Bad(
            spec: Self.spec { $0.annotations.labels["com.docker.swarm.predefined"] = "true" },
            code: .permissionDenied,
            text:
                "label com.docker.swarm.predefined is for internally created predefined networks and cannot be "
                + "applied by users"
        ),
        Bad(
            spec: Self.spec { $0.driverConfig = SwarmDriver() },
            code: .invalidArgument,
            text: "driver name: if driver is specified name is required"
        ),
        Bad(
            spec: Self.spec { $0.driverConfig.name = "weave" },
            code: .invalidArgument,
            text: "plugin weave not supported"
        ),
        Bad(
            spec: Self.spec {
                $0.ingress = true
                $0.driverConfig.name = "bridge"
            },
            code: .unimplemented,
            text: "only overlay driver is currently supported for ingress network"
        ),
        Bad(
            spec: Self.spec { $0.ipam.driver.name = "dhcp" },
            code: .invalidArgument,
            text: "plugin dhcp not supported"
        ),
        Bad(
            spec: Self.addresses { $0.subnet = "10.1.0.0" },
            code: .invalidArgument,
            text: "ipam configuration: invalid subnet 10.1.0.0"
        ),
        Bad(
            spec: Self.addresses { $0.range = "x" },
            code: .invalidArgument,
            text: "ipam configuration: invalid range x"
        ),
        Bad(
            spec: Self.addresses { $0.range = "10.2.0.0/24" },
            code: .invalidArgument,
            text: "ipam configuration: subnet 10.1.0.0/16 does not contain range 10.2.0.0/24"
        ),
        Bad(
            spec: Self.addresses { $0.gateway = "x" },
            code: .invalidArgument,
            text: "ipam configuration: invalid gateway x"
        ),
        Bad(
            spec: Self.addresses { $0.gateway = "10.2.0.1" },
            code: .invalidArgument,
            text: "ipam configuration: subnet 10.1.0.0/16 does not contain gateway 10.2.0.1"
        ),
        Bad(
            spec: Self.addresses { $0.reserved = ["router": "10.2.0.1"] },
            code: .invalidArgument,
            text:
                "ipam configuration: subnet 10.1.0.0/16 does not contain the reserved address 10.2.0.1 (router)"
        ),
        Bad(
            spec: Self.spec {
                $0.ipam.configs = [.with { $0.subnet = "10.1.0.0/16" }, .with { $0.subnet = "10.1.2.0/24" }]
            },
            code: .invalidArgument,
            text: "ipam configuration: subnets 10.1.0.0/16 and 10.1.2.0/24 overlap"
        ),
        Bad(
            spec: Self.spec {
                $0.driverConfig.name = "overlay"
                $0.driverConfig.options["com.docker.network.driver.overlay.vxlanid_list"] = "4096,x"
            },
            code: .invalidArgument,
            text: "driver option com.docker.network.driver.overlay.vxlanid_list: invalid list 4096,x"
        ),
    ]

    @Test(arguments: Self.bad)
    func `a bad network is refused in SwarmKit's words, and changes nothing`(bad: Bad) async throws {
        try await TestManager.run { manager in
            let error = await rpcError { _ = try await Self.create(bad.spec, on: manager) }
            #expect(error?.code == bad.code)
            #expect(error?.message == bad.text)
            #expect(await manager.state.networks.count == 0)
        }
    }

    @Test func `a name, an ingress network and a subnet are given once`() async throws {
        try await TestManager.run { manager in
            _ = try await Self.create(Self.addresses { _ in }, on: manager)
            let named = await rpcError { _ = try await Self.create(Self.spec("Front"), on: manager) }
            #expect(named?.code == .unknown && named?.message == "name conflicts with an existing object")
            let overlapping = await rpcError {
                var spec = Self.addresses { $0.subnet = "10.0.0.0/8" }
                spec.annotations.name = "wide"
                _ = try await Self.create(spec, on: manager)
            }
            #expect(overlapping?.code == .failedPrecondition)
            #expect(
                overlapping?.message
                    == "ipam configuration: subnet 10.0.0.0/8 overlaps with 10.1.0.0/16 of network "
                    + "front: choose another subnet"
            )
            let ingress = try await Self.create(Self.spec("ingress") { $0.ingress = true }, on: manager)
            let second = await rpcError {
                _ = try await Self.create(Self.spec("other") { $0.ingress = true }, on: manager)
            }
            #expect(second?.code == .alreadyExists)
            #expect(second?.message == "ingress network (\(ingress.id)) is already present")
        }
    }

    @Test func `CA-06: a network that a service names, or every node has, is not removed`() async throws {
        try await TestManager.run { manager in
            let front = try await Self.create(Self.spec(), on: manager)
            let host = try await manager.add(
                SwarmNetwork.with {
                    $0.id = "host"
                    $0.spec = Self.spec("host") {
                        $0.annotations.labels["com.docker.swarm.predefined"] = "true"
                    }
                }
            )
            let service = try await manager.control.createService(
                request: .with {
                    $0.spec = Fixture.spec()
                    $0.spec.task.networks = [.with { $0.target = "front" }]
                },
                context: manager.context
            ).service
            #expect(service.spec.task.networks.first?.target == front.id, "a name becomes an identifier")
            let used = await Self.remove(front.id, on: manager)
            #expect(used?.code == .failedPrecondition)
            #expect(used?.message == "network \(front.id) is in use by service \(service.id) (web)")
            let predefined = await Self.remove(host.id, on: manager)
            #expect(predefined?.code == .failedPrecondition)
            #expect(
                predefined?.message
                    == "network host (host) is a swarm predefined network and cannot be removed"
            )
            #expect(await manager.state.networks.count == 2)
        }
    }

    @Test func `CA-06: ingress goes when nothing is published, and can be made again`() async throws {
        try await TestManager.run { manager in
            let ingress = try await Self.create(Self.spec("ingress") { $0.ingress = true }, on: manager)
            var spec = Fixture.spec()
            spec.endpoint.ports = [.with { $0.targetPort = 80 }]
            let published = spec
            let service = try await manager.control.createService(
                request: .with { $0.spec = published },
                context: manager.context
            ).service
            let used = await Self.remove(ingress.id, on: manager)
            #expect(used?.code == .failedPrecondition)
            #expect(
                used?.message
                    == "ingress network cannot be removed because service \(service.id) depends on it (web)"
            )
            _ = try await manager.control.removeService(
                request: .with { $0.serviceID = service.id },
                context: manager.context
            )
            #expect(await Self.remove(ingress.id, on: manager) == nil)
            let missing = await rpcError {
                _ = try await manager.control.createService(
                    request: .with { $0.spec = published },
                    context: manager.context
                )
            }
            #expect(missing?.message == "service needs ingress network, but no ingress network is present")
            _ = try await Self.create(Self.spec("mesh") { $0.ingress = true }, on: manager)
        }
    }

    @Test func `BUG-11: a network stays while a task that is told to stop still runs on it`() async throws {
        try await TestManager.run { manager in
            let front = try await Self.create(Self.spec(), on: manager)
            try await manager.add(Fixture.node("n1"))
            var task = Fixture.task("t1", node: "n1", state: .running)
            task.desiredState = .shutdown
            task.spec.networks = [.with { $0.target = front.id }]
            task = try await manager.add(task)
            #expect(
                await Self.remove(front.id, on: manager)?.message
                    == "network \(front.id) is in use by task t1"
            )
            task.status.state = .shutdown
            let ended = task
            _ = try await manager.store.update { try $0.replace(ended) }
            #expect(await Self.remove(front.id, on: manager) == nil)
        }
    }

    @Test func `a task on a node that is down keeps no network`() async throws {
        try await TestManager.run { manager in
            let front = try await Self.create(Self.spec(), on: manager)
            try await manager.add(Fixture.node("n1", ready: false))
            var task = Fixture.task("t1", node: "n1", state: .running)
            task.desiredState = .shutdown
            task.spec.networks = [.with { $0.target = front.id }]
            try await manager.add(task)
            #expect(await Self.remove(front.id, on: manager) == nil)
        }
    }

    @Test func `a service cannot name a network that is missing, nor ingress`() async throws {
        try await TestManager.run { manager in
            _ = try await Self.create(Self.spec("ingress") { $0.ingress = true }, on: manager)
            for (target, text) in [
                ("gone", "network not found: gone"),
                ("ingress", "Service cannot be explicitly attached to the ingress network \"ingress\""),
            ] {
                let error = await rpcError {
                    _ = try await manager.control.createService(
                        request: .with {
                            $0.spec = Fixture.spec()
                            $0.spec.task.networks = [.with { $0.target = target }]
                        },
                        context: manager.context
                    )
                }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message == text)
            }
            #expect(await manager.state.services.count == 0)
        }
    }
}
