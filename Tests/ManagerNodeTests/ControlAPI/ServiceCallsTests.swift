import GRPCCore
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ServiceCallsTests {
    @Test func `a created service has its spec as it came and the spec version zero`() async throws {
        try await TestManager.run { manager in
            let service = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec() },
                context: manager.context
            ).service
            #expect(Identifier.isValid(service.id))
            #expect(service.spec == Fixture.spec())
            #expect(service.hasSpecVersion && service.specVersion.index == 0)
            #expect(service.meta.createdAt == TestManager.now.protobuf)
            #expect(await manager.state.services[service.id] == service)
        }
    }

    @Test func `a name can be given once, whatever the case`() async throws {
        try await TestManager.run { manager in
            _ = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec("Web") },
                context: manager.context
            )
            let error = await rpcError {
                _ = try await manager.control.createService(
                    request: .with { $0.spec = Fixture.spec("web") },
                    context: manager.context
                )
            }
            #expect(error?.code == .alreadyExists)
            #expect(
                error?.message
                    == "name conflicts with an existing object: service web already exists"
            )
            #expect(await manager.state.services.count == 1)
        }
    }

    @Test func `an update keeps the old spec, and a rollback swaps the two`() async throws {
        try await TestManager.run { manager in
            let first = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec(replicas: 1) },
                context: manager.context
            ).service
            let second = try await manager.control.updateService(
                request: .with {
                    $0.serviceID = first.id
                    $0.serviceVersion = first.meta.version
                    $0.spec = Fixture.spec(replicas: 2)
                },
                context: manager.context
            ).service
            #expect(second.spec == Fixture.spec(replicas: 2))
            #expect(second.specVersion == first.meta.version)
            #expect(second.previousSpec == first.spec)
            #expect(second.hasPreviousSpecVersion && second.previousSpecVersion.index == 0)
            #expect(second.meta.version != first.meta.version)

            let third = try await manager.control.updateService(
                request: .with {
                    $0.serviceID = first.id
                    $0.serviceVersion = second.meta.version
                    $0.spec = Fixture.spec(replicas: 9)
                    $0.rollback = .previous
                },
                context: manager.context
            ).service
            #expect(third.spec == first.spec)
            #expect(third.specVersion == first.specVersion)
            #expect(third.previousSpec == second.spec)
            #expect(third.previousSpecVersion == second.specVersion)
            #expect(third.updateStatus.state == .rollbackStarted)
        }
    }

    @Test func `a rollback without a previous spec, a new name and a new mode are refused`() async throws {
        try await TestManager.run { manager in
            let service = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec() },
                context: manager.context
            ).service
            let update: @Sendable (@Sendable (inout SwarmUpdateServiceRequest) -> Void) async -> RPCError? = {
                change in
                await rpcError {
                    var request = SwarmUpdateServiceRequest.with {
                        $0.serviceID = service.id
                        $0.serviceVersion = service.meta.version
                        $0.spec = service.spec
                    }
                    change(&request)
                    _ = try await manager.control.updateService(request: request, context: manager.context)
                }
            }
            #expect(await update { $0.rollback = .previous }?.code == .failedPrecondition)
            #expect(await update { $0.spec.annotations.name = "b" }?.code == .unimplemented)
            let mode = await update { $0.spec.global = .init() }
            #expect(mode?.code == .unimplemented)
            #expect(mode?.message == "service mode change is not allowed")
            let networks = await update { $0.spec.networks = [.with { $0.target = "n" }] }
            #expect(networks?.message == "networks must be migrated to TaskSpec before being changed")
            #expect(await manager.state.services.all == [service])
        }
    }

    @Test func `defaults are shown on demand and never stored`() async throws {
        try await TestManager.run { manager in
            let id = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec() },
                context: manager.context
            ).service.id
            let shown = try await manager.control.getService(
                request: .with {
                    $0.serviceID = id
                    $0.insertDefaults = true
                },
                context: manager.context
            ).service.spec
            #expect(shown.task.container.stopGracePeriod.seconds == 10)
            #expect(shown.task.restart.condition == .any && shown.task.restart.delay.seconds == 5)
            #expect(shown.update.parallelism == 1 && shown.update.monitor.seconds == 5)
            #expect(shown.rollback.order == .stopFirst)
            #expect(await manager.state.services[id]?.spec == Fixture.spec())
        }
    }

    @Test func `filters of one sort are alternatives, of different sorts conditions`() async throws {
        try await TestManager.run { manager in
            for name in ["web-a", "web-b", "db"] {
                var spec = Fixture.spec(name)
                spec.annotations.labels = ["tier": name == "db" ? "back" : "front"]
                try await manager.add(
                    SwarmService.with {
                        $0.id = "id-" + name
                        $0.spec = spec
                    }
                )
            }
            let list: @Sendable (SwarmListServicesRequest.Filters) async throws -> [String] = { filters in
                try await manager.control.listServices(
                    request: .with { $0.filters = filters },
                    context: manager.context
                ).services.map(\.spec.annotations.name)
            }
            #expect(try await list(.init()) == ["db", "web-a", "web-b"])
            #expect(try await list(.with { $0.names = ["db", "web-b"] }) == ["db", "web-b"])
            #expect(try await list(.with { $0.names = ["DB"] }) == [])
            #expect(try await list(.with { $0.namePrefixes = ["web"] }) == ["web-a", "web-b"])
            #expect(try await list(.with { $0.idPrefixes = ["id-d"] }) == ["db"])
            #expect(try await list(.with { $0.labels = ["tier": ""] }) == ["db", "web-a", "web-b"])
            #expect(try await list(.with { $0.labels = ["tier": "front"] }) == ["web-a", "web-b"])
            #expect(
                try await list(
                    .with {
                        $0.namePrefixes = ["web"]
                        $0.labels = ["tier": "back"]
                    }
                ) == []
            )
            #expect(try await list(.with { $0.runtimes = ["container"] }).count == 3)
            #expect(try await list(.with { $0.runtimes = ["other"] }) == [])
        }
    }

    @Test func `statuses count what should run and what runs`() async throws {
        try await TestManager.run { manager in
            try await manager.add(
                SwarmService.with {
                    $0.id = "s1"
                    $0.spec = Fixture.spec(replicas: 3)
                }
            )
            try await manager.add(Fixture.task("t1", state: .running))
            try await manager.add(Fixture.task("t2", state: .failed))
            let statuses = try await manager.control.listServiceStatuses(
                request: .with { $0.services = ["s1", "gone"] },
                context: manager.context
            ).statuses
            #expect(statuses.map(\.serviceID) == ["s1", "gone"])
            #expect(statuses.map(\.desiredTasks) == [3, 0])
            #expect(statuses.map(\.runningTasks) == [1, 0])
        }
    }

    @Test func `a removed service is gone and its tasks stay for the orchestrator`() async throws {
        try await TestManager.run { manager in
            let id = try await manager.control.createService(
                request: .with { $0.spec = Fixture.spec() },
                context: manager.context
            ).service.id
            try await manager.add(Fixture.task("t1", service: id))
            _ = try await manager.control.removeService(
                request: .with { $0.serviceID = id },
                context: manager.context
            )
            #expect(await manager.state.services.count == 0)
            #expect(await manager.state.tasks.count == 1)
        }
    }
}
