import GRPCCore
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ResourceAllocatorServiceTests {
    private static func service(_ manager: TestManager) -> ResourceAllocatorService {
        ResourceAllocatorService(store: manager.store, now: { TestManager.now })
    }

    /// A call of the node's.
    private static func call(_ node: String?) -> ServerContext {
        var context = ServerContext.test
        context.transportSpecific = PeerIdentity(.local(.init(uid: 0, gid: 0, pid: 1)), ownNode: node)
        return context
    }

    private static func network(attachable: Bool) -> SwarmNetwork {
        .with {
            $0.id = "network-1"
            $0.spec.annotations.name = "front"
            $0.spec.attachable = attachable
        }
    }

    @Test func `AL-09: a container is attached as a task on the node that calls, by name or by id`()
        async throws
    {
        try await TestManager.run { manager in
            try await manager.add(Self.network(attachable: true))
            let service = Self.service(manager)
            let answer = try await service.attachNetwork(
                request: .with {
                    $0.config.target = "front"
                    $0.config.addresses = ["10.0.1.9"]
                    $0.containerID = "c1"
                },
                context: Self.call("n1")
            )
            let task = try #require(await manager.state.tasks[answer.attachmentID])
            #expect(task.nodeID == "n1")
            #expect(task.spec.attachment.containerID == "c1")
            #expect(task.spec.networks.map(\.target) == ["network-1"])
            #expect(task.spec.networks.first?.addresses == ["10.0.1.9"])
            #expect(task.status.state == .new && task.desiredState == .running)
            _ = try await service.detachNetwork(
                request: .with { $0.attachmentID = answer.attachmentID },
                context: Self.call("n1")
            )
            #expect(await manager.state.tasks.count == 0)
        }
    }

    @Test func `AL-09: a network that is not attachable, or not there, is refused`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Self.network(attachable: false))
            let service = Self.service(manager)
            for (target, code, text) in [
                ("front", RPCError.Code.permissionDenied, "network front not manually attachable"),
                ("gone", .notFound, "network gone not found"),
            ] {
                let error = await rpcError {
                    _ = try await service.attachNetwork(
                        request: .with { $0.config.target = target },
                        context: Self.call("n1")
                    )
                }
                #expect(error?.code == code && error?.message == text)
            }
            let stranger = await rpcError {
                _ = try await service.attachNetwork(
                    request: .with { $0.config.target = "front" },
                    context: Self.call(nil)
                )
            }
            #expect(stranger?.code == .permissionDenied)
            #expect(await manager.state.tasks.count == 0)
        }
    }

    @Test func `AL-09: only its own node detaches an attachment, and nothing but attachments`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.task("t1", node: "n1", state: .running))
            try await manager.add(
                SwarmTask.with {
                    $0.id = "a1"
                    $0.nodeID = "n2"
                    $0.spec.attachment.containerID = "c1"
                }
            )
            let service = Self.service(manager)
            for (id, code) in [
                ("t1", RPCError.Code.permissionDenied), ("a1", .permissionDenied), ("x", .notFound),
            ] {
                let error = await rpcError {
                    _ = try await service.detachNetwork(
                        request: .with { $0.attachmentID = id },
                        context: Self.call("n1")
                    )
                }
                #expect(error?.code == code, "\(id)")
            }
            #expect(await manager.state.tasks.count == 2)
        }
    }
}
