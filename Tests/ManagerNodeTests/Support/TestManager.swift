import GRPCCore
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Trust

@testable import ManagerNode

/// A manager's store and control service over a log in memory, at a moment that stands still.
struct TestManager: Sendable {
    static let now = Timestamp(seconds: 1_700_000_000)
    static let clusterID = "cluster0000000000000000000"

    let proposer: MemoryProposer
    let store: ReplicatedStore
    let control: ControlService

    /// Runs `body` while the store runs and leads.
    static func run(
        members: [SwarmRaftMember] = [],
        servers: ExternalAuthorityClient? = nil,
        _ body: @escaping @Sendable (TestManager) async throws -> Void
    ) async throws {
        let proposer = MemoryProposer()
        let store = ReplicatedStore(proposer: proposer, now: { Self.now })
        let control = ControlService(
            store: store,
            members: { members },
            now: { Self.now },
            servers: servers
        )
        let manager = TestManager(proposer: proposer, store: store, control: control)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await store.run() }
            for await leadership in await store.leaderships() where leadership != .follower { break }
            let root = try ClusterRoot.record(of: RootAuthority(at: Self.now))
            try await manager.add(
                .with {
                    $0.id = Self.clusterID
                    $0.spec.annotations.name = "default"
                    $0.rootCa = root
                } as SwarmCluster
            )
            try await body(manager)
        }
    }

    /// Puts an object into the store, past the API.
    @discardableResult
    func add<Object: StoreObject>(_ object: Object) async throws -> Object {
        try await self.store.update { try $0.add(object) }
    }

    var state: StoreState {
        get async { await self.store.committed.state }
    }

    /// The context of a call that nobody cancels.
    var context: ServerContext { .test }
}

extension ServerContext {
    static var test: ServerContext {
        ServerContext(
            descriptor: MethodDescriptor(fullyQualifiedService: "test", method: "test"),
            remotePeer: "unix:",
            localPeer: "unix:",
            cancellation: RPCCancellationHandle()
        )
    }
}

/// The messages that a streaming call writes.
struct MessageCollector<Message: Sendable>: RPCWriterProtocol {
    let messages: AsyncStream<Message>
    private let continuation: AsyncStream<Message>.Continuation

    init(limit: Int = 1 << 12) {
        (self.messages, self.continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(limit)
        )
    }

    func write(_ element: Message) async throws { self.continuation.yield(element) }

    func write(contentsOf elements: some Sequence<Message>) async throws {
        for element in elements { self.continuation.yield(element) }
    }
}

extension AsyncStream {
    /// The next element; for streams that are read in several places, one after the other.
    func next() async -> Element? {
        for await element in self { return element }
        return nil
    }
}

/// The error that `body` throws, if it throws one of gRPC's.
func rpcError(_ body: () async throws -> Void) async -> RPCError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? RPCError
    }
}

/// Fixtures.
enum Fixture {
    /// A service that everything accepts.
    static func spec(_ name: String = "web", replicas: UInt64 = 1) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = name
            $0.task.container.image = "host"
            $0.replicated.replicas = replicas
        }
    }

    static func node(_ id: String, hostname: String = "", ready: Bool = true) -> SwarmNode {
        .with {
            $0.id = id
            $0.description_p.hostname = hostname
            $0.status.state = ready ? .ready : .down
        }
    }

    static func task(
        _ id: String,
        service: String = "s1",
        slot: UInt64 = 1,
        node: String = "",
        state: SwarmTaskState = .new,
        at seconds: Int64 = 0
    ) -> SwarmTask {
        .with {
            $0.id = id
            $0.serviceID = service
            $0.slot = slot
            $0.nodeID = node
            $0.desiredState = .running
            $0.status.state = state
            $0.status.timestamp = Timestamp(seconds: seconds).protobuf
        }
    }
}
