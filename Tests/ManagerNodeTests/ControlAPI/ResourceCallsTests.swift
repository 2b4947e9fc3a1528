import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Kinds of objects that users register, and objects of these kinds.
@Suite struct ResourceCallsTests {
    private static func register(_ name: String, _ manager: TestManager) async throws -> SwarmExtension {
        try await manager.control.createExtension(
            request: .with {
                $0.annotations.name = name
                $0.description_p = "things of ours"
            },
            context: manager.context
        ).extension
    }

    private static func create(
        _ name: String,
        kind: String,
        labels: [String: String] = [:],
        _ manager: TestManager
    ) async throws -> SwarmResource {
        try await manager.control.createResource(
            request: .with {
                $0.annotations.name = name
                $0.annotations.labels = labels
                $0.kind = kind
                $0.payload.typeURL = "example"
            },
            context: manager.context
        ).resource
    }

    @Test func `CA-11: an extension is created, read and removed`() async throws {
        try await TestManager.run { manager in
            let made = try await Self.register("gadget", manager)
            #expect(made.description_p == "things of ours" && made.meta.version.index > 0)
            let read = try await manager.control.getExtension(
                request: .with { $0.extensionID = made.id },
                context: manager.context
            ).extension
            #expect(read == made)
            let remove: @Sendable () async throws -> Void = {
                _ = try await manager.control.removeExtension(
                    request: .with { $0.extensionID = made.id },
                    context: manager.context
                )
            }
            try await remove()
            let again = await rpcError(remove)
            #expect(again?.code == .notFound && again?.message == "could not find extension \(made.id)")
            let absent = await rpcError {
                _ = try await manager.control.getExtension(
                    request: .with { $0.extensionID = made.id },
                    context: manager.context
                )
            }
            #expect(absent?.code == .notFound && absent?.message == "extension \(made.id) not found")
        }
    }

    @Test func `CA-11: an extension needs a name of its own, which is no built-in kind's`() async throws {
        try await TestManager.run { manager in
            let unnamed = await rpcError { _ = try await Self.register("", manager) }
            #expect(unnamed?.code == .invalidArgument)
            #expect(unnamed?.message == "extension name must be provided")
            _ = try await Self.register("gadget", manager)
            for name in ["Gadget", "service", "task"] {
                let taken = await rpcError { _ = try await Self.register(name, manager) }
                #expect(taken?.code == .alreadyExists && taken?.message == "extension \(name) already exists")
            }
            #expect(await manager.state.extensions.count == 1)
        }
    }

    @Test func `CA-11: an extension stays while it has resources, and they are named`() async throws {
        try await TestManager.run { manager in
            let made = try await Self.register("gadget", manager)
            _ = try await Self.create("b", kind: "Gadget", manager)
            _ = try await Self.create("a", kind: "gadget", manager)
            let error = await rpcError {
                _ = try await manager.control.removeExtension(
                    request: .with { $0.extensionID = made.id },
                    context: manager.context
                )
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "extension 'gadget' is in use by the following resources: a, b")
        }
    }

    @Test func `CA-11: a resource needs a name, a kind that is registered, and a name of its own`()
        async throws
    {
        try await TestManager.run { manager in
            _ = try await Self.register("gadget", manager)
            _ = try await Self.create("one", kind: "gadget", manager)
            let cases: [(name: String, kind: String, code: RPCError.Code, message: String)] = [
                ("", "gadget", .invalidArgument, "Resource must have a name"),
                ("two", "", .invalidArgument, "Resource must belong to an Extension"),
                ("two", "widget", .invalidArgument, "Kind widget is not registered"),
                ("ONE", "gadget", .alreadyExists, "A resource with name ONE already exists"),
            ]
            for (name, kind, code, message) in cases {
                let error = await rpcError { _ = try await Self.create(name, kind: kind, manager) }
                #expect(error?.code == code && error?.message == message)
            }
            #expect(await manager.state.resources.count == 1)
        }
    }

    @Test func `CA-11: an update changes what it has, and not the name`() async throws {
        try await TestManager.run { manager in
            _ = try await Self.register("gadget", manager)
            let made = try await Self.create("one", kind: "gadget", labels: ["a": "b"], manager)
            let update: @Sendable (SwarmUpdateResourceRequest) async throws -> SwarmResource = {
                try await manager.control.updateResource(request: $0, context: manager.context).resource
            }
            var request = SwarmUpdateResourceRequest.with {
                $0.resourceID = made.id
                $0.resourceVersion = made.meta.version
                $0.payload.typeURL = "other"
            }
            let changed = try await update(request)
            #expect(changed.payload.typeURL == "other" && changed.annotations == made.annotations)
            #expect(changed.meta.version.index > made.meta.version.index)

            let stale = await rpcError { [request] in _ = try await update(request) }
            #expect(stale?.code == .invalidArgument && stale?.message == "update out of sequence")
            request.resourceVersion = changed.meta.version
            request.annotations.name = "two"
            let renamed = await rpcError { [request] in _ = try await update(request) }
            #expect(renamed?.code == .invalidArgument && renamed?.message == "cannot change resource name")
            let bare = await rpcError { _ = try await update(.with { $0.resourceID = made.id }) }
            #expect(bare?.code == .invalidArgument && bare?.message == "must include ID and version")
            #expect(await manager.state.resources.all == [changed])
        }
    }

    @Test func `CA-11: resources are found by any one of their filters, of one kind`() async throws {
        try await TestManager.run { manager in
            for kind in ["gadget", "widget"] { _ = try await Self.register(kind, manager) }
            _ = try await Self.create("alpha", kind: "gadget", labels: ["a": "1"], manager)
            _ = try await Self.create("beta", kind: "gadget", manager)
            let gamma = try await Self.create("gamma", kind: "widget", manager)
            let list: @Sendable (SwarmListResourcesRequest.Filters) async throws -> [String] = { filters in
                try await manager.control.listResources(
                    request: .with { $0.filters = filters },
                    context: manager.context
                ).resources.map(\.annotations.name).sorted()
            }
            #expect(try await list(.init()) == ["alpha", "beta", "gamma"])
            #expect(try await list(.with { $0.kind = "gadget" }) == ["alpha", "beta"])
            #expect(
                try await list(
                    .with {
                        $0.names = ["ALPHA"]
                        $0.idPrefixes = [gamma.id]
                    }
                ) == ["alpha", "gamma"]
            )
            #expect(
                try await list(
                    .with {
                        $0.namePrefixes = ["al", "ga"]
                        $0.kind = "gadget"
                    }
                ) == ["alpha"]
            )
            #expect(try await list(.with { $0.labels = ["a": ""] }) == ["alpha"])
        }
    }

    @Test func `CA-11: a resource is read and removed by its identifier`() async throws {
        try await TestManager.run { manager in
            _ = try await Self.register("gadget", manager)
            let made = try await Self.create("one", kind: "gadget", manager)
            let read = try await manager.control.getResource(
                request: .with { $0.resourceID = made.id },
                context: manager.context
            ).resource
            #expect(read == made)
            let remove: @Sendable () async throws -> Void = {
                _ = try await manager.control.removeResource(
                    request: .with { $0.resourceID = made.id },
                    context: manager.context
                )
            }
            try await remove()
            #expect(await rpcError(remove)?.message == "resource \(made.id) not found")
            let bare = await rpcError {
                _ = try await manager.control.removeResource(request: .init(), context: manager.context)
            }
            #expect(bare?.code == .invalidArgument && bare?.message == "resource ID must be present")
        }
    }
}
