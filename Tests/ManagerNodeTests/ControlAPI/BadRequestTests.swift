import GRPCCore
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Bad specs get SwarmKit's code and a message that names the field, and leave the store as it was.
@Suite struct BadRequestTests {
    struct BadSpec: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: RPCError.Code
        let text: String
        let change: @Sendable (inout SwarmServiceSpec) -> Void

        init(
            _ name: String,
            _ code: RPCError.Code,
            _ text: String,
            _ change: @escaping @Sendable (inout SwarmServiceSpec) -> Void
        ) {
            self.testDescription = name
            self.code = code
            self.text = text
            self.change = change
        }
    }

    static let specs: [BadSpec] = [
        .init("empty name", .invalidArgument, "name must be provided") { $0.annotations.name = "" },
        .init("name of 64 characters", .invalidArgument, "name must be 63 characters or fewer") {
            $0.annotations.name = String(repeating: "a", count: 64)
        },
        .init("name with a slash", .invalidArgument, "name must be valid") { $0.annotations.name = "a/b" },
        .init("replicas below 0", .invalidArgument, "replicas must be non-negative") {
            $0.replicated.replicas = UInt64(bitPattern: -1)
        },
        .init("too many replicas", .invalidArgument, "replicas: 1000001 is more than 1000000") {
            $0.replicated.replicas = 1_000_001
        },
        .init("no mode", .invalidArgument, "mode") { $0.mode = nil },
        .init("memory below 4 MiB", .invalidArgument, "invalid memory value 4194303") {
            $0.task.resources.limits.memoryBytes = (4 << 20) - 1
        },
        .init("reserved memory below 4 MiB", .invalidArgument, "invalid memory value 1") {
            $0.task.resources.reservations.memoryBytes = 1
        },
        .init("a millionth of a processor", .invalidArgument, "invalid cpu value") {
            $0.task.resources.limits.nanoCpus = 999_999
        },
        .init("unknown constraint operator", .unknown, "constraint") {
            $0.task.placement.constraints = ["node.role~=manager"]
        },
        .init("constraint key", .unknown, "key '1x' is invalid") {
            $0.task.placement.constraints = ["1x==y"]
        },
        .init("no image", .invalidArgument, "image reference must be provided") {
            $0.task.container.image = ""
        },
        .init("upper-case image", .invalidArgument, "image: \"A/B\" is not a valid repository/tag") {
            $0.task.container.image = "A/B"
        },
        .init("no runtime", .invalidArgument, "missing runtime") { $0.task.runtime = nil },
        .init("attachment", .unimplemented, "runtime") { $0.task.attachment = .init() },
        .init("two mounts on one target", .invalidArgument, "duplicate mount point: /data") {
            $0.task.container.mounts = [.with { $0.target = "/data" }, .with { $0.target = "/data" }]
        },
        .init("health interval", .invalidArgument, "Interval in HealthConfig") {
            $0.task.container.healthcheck.interval = .init(seconds: 0, nanos: 999_999)
        },
        .init("health retries", .invalidArgument, "Retries in HealthConfig") {
            $0.task.container.healthcheck.retries = -1
        },
        .init("restart delay", .invalidArgument, "restart-delay cannot be negative") {
            $0.task.restart.delay = .init(seconds: -1, nanos: 0)
        },
        .init("restart window of 300 years", .invalidArgument, "restart-window: the duration is out") {
            $0.task.restart.window = .init(seconds: 9_460_800_000, nanos: 0)
        },
        .init("update delay", .invalidArgument, "update-delay cannot be negative") {
            $0.update.delay = .init(seconds: 0, nanos: -1)
        },
        .init("failure ratio", .invalidArgument, "update-maxfailureratio") {
            $0.update.maxFailureRatio = 1.01
        },
        .init("failure ratio that is no number", .invalidArgument, "update-maxfailureratio") {
            $0.update.maxFailureRatio = .nan
        },
        .init("rollback monitor", .invalidArgument, "rollback-monitor cannot be negative") {
            $0.rollback.monitor = .init(seconds: -1, nanos: 0)
        },
        .init("dnsrr on the mesh", .invalidArgument, "ingress mode can't be used with dnsrr") {
            $0.endpoint.mode = .dnsrr
            $0.endpoint.ports = [.with { $0.publishedPort = 80 }]
        },
        .init("a port twice", .invalidArgument, "duplicate published ports") {
            let port = SwarmPortConfig.with {
                $0.publishedPort = 80
                $0.publishMode = .host
            }
            $0.endpoint.ports = [port, port]
        },
        .init("port 65536", .invalidArgument, "ports") {
            $0.endpoint.ports = [.with { $0.targetPort = 65_536 }]
        },
        .init("mesh without ingress network", .failedPrecondition, "ingress network") {
            $0.endpoint.ports = [.with { $0.publishedPort = 80 }]
        },
        .init("secret without target", .invalidArgument, "secret reference, no target") {
            $0.task.container.secrets = [
                .with {
                    $0.secretID = "x"
                    $0.secretName = "y"
                }
            ]
        },
        .init("unknown secret", .invalidArgument, "secret not found: key") {
            $0.task.container.secrets = [
                .with {
                    $0.secretID = "x"
                    $0.secretName = "key"
                    $0.file.name = "key"
                }
            ]
        },
        .init("unknown configs", .invalidArgument, "configs not found: a, b") {
            $0.task.container.configs = ["a", "b"].map { name in
                .with {
                    $0.configID = name
                    $0.configName = name
                    $0.file.name = name
                }
            }
        },
        .init("two configs in one file", .invalidArgument, "conflicting target: 'f'") {
            $0.task.container.configs = ["a", "b"].map { name in
                .with {
                    $0.configID = name
                    $0.configName = name
                    $0.file.name = "f"
                }
            }
        },
        .init("credential spec", .invalidArgument, "CredentialSpec references config 'c'") {
            $0.task.container.privileges.credentialSpec.config = "c"
        },
        .init("job with update", .invalidArgument, "Jobs may not have an update config") {
            $0.replicatedJob = .init()
            $0.update.parallelism = 1
        },
        .init("concurrency below 0", .invalidArgument, "concurrent jobs must not be negative") {
            $0.replicatedJob.maxConcurrent = .max
        },
        .init("update deadline", .invalidArgument, "labels: swarmd.update.progress-deadline: \"soon\"") {
            $0.annotations.labels["swarmd.update.progress-deadline"] = "soon"
        },
        .init("generic runtime", .unimplemented, "runtime") {
            $0.task.generic.kind = "thing"
            $0.task.generic.payload.typeURL = "t"
            $0.task.generic.payload.value.append(1)
        },
        .init("generic runtime without payload", .invalidArgument, "missing payload") {
            $0.task.generic.kind = "thing"
        },
    ]

    @Test(arguments: Self.specs)
    func `a bad spec is refused by create and update, and changes nothing`(_ bad: BadSpec) async throws {
        try await TestManager.run { manager in
            let service = try await manager.add(
                SwarmService.with {
                    $0.id = "s1"
                    $0.spec = Fixture.spec("there")
                }
            )
            let proposed = manager.proposer.proposed
            var spec = Fixture.spec()
            bad.change(&spec)
            let onCreate = await rpcError {
                _ = try await manager.control.createService(
                    request: .with { $0.spec = spec },
                    context: manager.context
                )
            }
            #expect(onCreate?.code == bad.code, "\(String(describing: onCreate))")
            #expect(onCreate?.message.contains(bad.text) == true, "\(String(describing: onCreate))")

            let onUpdate = await rpcError {
                _ = try await manager.control.updateService(
                    request: .with {
                        $0.serviceID = service.id
                        $0.serviceVersion = service.meta.version
                        $0.spec = spec
                    },
                    context: manager.context
                )
            }
            #expect(onUpdate != nil)
            #expect(manager.proposer.proposed == proposed)
            #expect(await manager.state.services.all == [service])
        }
    }

    static let resources: [BadSpec] = [
        .init("named", .invalidArgument, "resources.reservations.generic: ask for a number") {
            $0.task.resources.reservations.generic = [
                .with { $0.namedResourceSpec = .with { ($0.kind, $0.value) = ("gpu", "a") } }
            ]
        },
        .init("nothing", .invalidArgument, "resources.reservations.generic: ask for a number") {
            $0.task.resources.reservations.generic = [.init()]
        },
        .init("none of a kind", .invalidArgument, "resources.limits.generic: gpu: 0 is no number above 0") {
            $0.task.resources.limits.generic = [.with { $0.discreteResourceSpec.kind = "gpu" }]
        },
        .init("no kind", .invalidArgument, "resources.reservations.generic: a kind is missing") {
            $0.task.resources.reservations.generic = [.with { $0.discreteResourceSpec.value = 1 }]
        },
        .init("twice", .invalidArgument, "resources.reservations.generic: gpu is given twice") {
            let card = SwarmGenericResource.with {
                $0.discreteResourceSpec = .with { ($0.kind, $0.value) = ("gpu", 1) }
            }
            $0.task.resources.reservations.generic = [card, card]
        },
    ]

    @Test("BUG-09: generic resources that cannot be had are refused", arguments: Self.resources)
    func genericResources(_ bad: BadSpec) {
        var spec = Fixture.spec()
        bad.change(&spec)
        let error = #expect(throws: RPCError.self) { try ServiceSpecValidation.check(spec) }
        #expect(error?.code == bad.code)
        #expect(error?.message.contains(bad.text) == true, "\(String(describing: error))")
    }

    @Test("JB-05: a job has no update, no rollback, and stays a job")
    func jobs() throws {
        var spec = Fixture.spec()
        spec.replicatedJob = .init()
        try ServiceSpecValidation.check(spec)
        var rollback = spec
        rollback.rollback.parallelism = 1
        let config = #expect(throws: RPCError.self) { try ServiceSpecValidation.check(rollback) }
        #expect(config?.message.contains("Jobs may not have a rollback config") == true)

        let service = SwarmService.with {
            $0.id = "s1"
            $0.spec = spec
            $0.previousSpec = spec
        }
        let request = SwarmUpdateServiceRequest.with { $0.rollback = .previous }
        let refusal = #expect(throws: RPCError.self) {
            try ServiceUpdate.applied(request, to: service, now: Timestamp(seconds: 1))
        }
        #expect(refusal?.code == .failedPrecondition)
        #expect(refusal?.message.contains("service s1 is a job and has no rollback") == true)

        let mode = #expect(throws: RPCError.self) {
            try ServiceUpdate.check(Fixture.spec(), instead: spec)
        }
        #expect(mode?.code == .unimplemented && mode?.message == "service mode change is not allowed")
    }

    @Test func `a stale version is refused with SwarmKit's text and code`() async throws {
        try await TestManager.run { manager in
            let created = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec() },
                context: manager.context
            )
            let request = SwarmUpdateServiceRequest.with {
                $0.serviceID = created.service.id
                $0.serviceVersion = created.service.meta.version
                $0.spec = Fixture.spec(replicas: 2)
            }
            let updated = try await manager.control.updateService(request: request, context: manager.context)
            let proposed = manager.proposer.proposed
            let error = await rpcError {
                _ = try await manager.control.updateService(request: request, context: manager.context)
            }
            #expect(error?.code == .unknown)
            #expect(error?.message == "update out of sequence")
            #expect(manager.proposer.proposed == proposed)
            #expect(await manager.state.services.all == [updated.service])
        }
    }

    @Test func `a request without identifier, version or spec says which is missing`() async throws {
        try await TestManager.run { manager in
            let control = manager.control
            let context = manager.context
            let errors = [
                await rpcError { _ = try await control.getService(request: .init(), context: context) },
                await rpcError { _ = try await control.createService(request: .init(), context: context) },
                await rpcError { _ = try await control.updateNode(request: .init(), context: context) },
                await rpcError { _ = try await control.removeTask(request: .init(), context: context) },
                await rpcError {
                    _ = try await control.updateCluster(
                        request: .with { $0.clusterID = "c" },
                        context: context
                    )
                },
            ]
            #expect(errors.allSatisfy { $0?.code == .invalidArgument })
            #expect(
                errors.map { $0?.message } == [
                    "invalid argument: service_id must be given",
                    "invalid argument: spec must be given",
                    "invalid argument: node_id must be given",
                    "invalid argument: task_id must be given",
                    "invalid argument: cluster_version must be given",
                ]
            )
        }
    }

    @Test func `what is not there is not found`() async throws {
        try await TestManager.run { manager in
            let control = manager.control
            let context = manager.context
            let errors = [
                await rpcError {
                    _ = try await control.getService(request: .with { $0.serviceID = "x" }, context: context)
                },
                await rpcError {
                    _ = try await control.removeService(
                        request: .with { $0.serviceID = "x" },
                        context: context
                    )
                },
                await rpcError {
                    _ = try await control.removeNode(request: .with { $0.nodeID = "x" }, context: context)
                },
            ]
            #expect(errors.allSatisfy { $0?.code == .notFound })
            #expect(
                errors.map { $0?.message } == [
                    "service x not found", "service x not found", "node x not found",
                ]
            )
        }
    }

    @Test func `a manager that lost the lead says so`() async throws {
        try await TestManager.run { manager in
            manager.proposer.depose()
            for await leadership in await manager.store.leaderships() where leadership == .follower { break }
            let error = await rpcError {
                _ = try await manager.control.createService(
                    request: .with { $0.spec = Fixture.spec() },
                    context: manager.context
                )
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("lost leader status") == true)
        }
    }
}
