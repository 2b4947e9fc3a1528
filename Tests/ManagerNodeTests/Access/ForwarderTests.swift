import GRPCCore
import Primitives
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing
import Trust

@testable import ManagerNode

/// Two managers on loopback, of which the second passes calls on to the first.
@Suite struct ForwarderTests {
    private static func withPair(
        listener: RPCPolicy.Listener = .remote,
        _ body:
            @escaping @Sendable (_ leader: AccessManager, _ follower: AccessManager, _ port: Int) async throws
            ->
            Void
    ) async throws {
        let leader = AccessManager("m1", leader: nil)
        try await leader.run { port in
            let follower = AccessManager("m2", leader: "127.0.0.1:\(port)")
            try await follower.run(listener: listener) { try await body(leader, follower, $0) }
        }
    }

    /// Calls the manager at `port` with a certificate.
    private static func call<Result: Sendable>(
        _ port: Int,
        as certificate: TestCertificate,
        _ body: @escaping @Sendable (ManagerConnection.Client) async throws -> Result
    ) async throws -> Result {
        try await ManagerConnection.withClient(
            to: ServerAddress(host: "127.0.0.1", port: port),
            security: certificate,
            within: .seconds(2),
            body
        )
    }

    private static func beat(
        _ port: Int,
        as certificate: TestCertificate,
        metadata: Metadata = [:],
        timeout: Duration = .seconds(20)
    ) async throws -> SwarmHeartbeatResponse {
        var options = CallOptions.defaults
        options.timeout = timeout
        return try await Self.call(port, as: certificate) { [options] client in
            try await SwarmDispatcher.Client(wrapping: client)
                .heartbeat(.init(), metadata: metadata, options: options)
        }
    }

    private static func eventually(_ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while !condition() {
            try #require(ContinuousClock.now < end)
            try await ContinuousClock().sleep(for: .milliseconds(2))
        }
    }

    @Test func `the leader learns for whom a call was passed on`() async throws {
        try await Self.withPair { leader, follower, port in
            _ = try await Self.beat(port, as: .worker("w1"))
            let name = NodeName(cluster: "c1", role: .worker, node: "w1")
            #expect(leader.last == PeerIdentity(.node(name), host: "127.0.0.1", forwarder: "m2"))
            #expect(follower.last == nil)
        }
    }

    @Test func `a call at the leader stays there`() async throws {
        let leader = AccessManager("m1", leader: nil)
        try await leader.run { port in
            _ = try await Self.beat(port, as: .worker("w1"))
            #expect(leader.last?.forwarder == nil)
            #expect(leader.last?.nodeID == "w1")
        }
    }

    @Test func `a stream of the leader's reaches the caller, and the caller's end the leader`() async throws {
        try await Self.withPair { leader, _, port in
            try await Self.call(port, as: .worker("w1")) { client in
                let ids = try await SwarmDispatcher.Client(wrapping: client).session(.init()) { response in
                    var ids: [String] = []
                    for try await message in response.messages {
                        ids.append(message.sessionID)
                        if ids.count == 3 { break }
                    }
                    return ids
                }
                #expect(ids == ["m1-1", "m1-2", "m1-3"])
                // The session's handler empties the list when it ends.
                try await Self.eventually { leader.calls.withLock { $0.isEmpty } }
            }
        }
    }

    @Test func `a stream of the caller's reaches the leader`() async throws {
        try await Self.withPair { leader, _, port in
            try await Self.call(port, as: .worker("w1")) { client in
                _ = try await SwarmLogBroker.Client(wrapping: client).publishLogs { writer in
                    for number in 1...50 { try await writer.write(.with { $0.subscriptionID = "\(number)" }) }
                }
            }
            #expect(leader.calls.withLock { $0.count } == 50)
            #expect(leader.last?.nodeID == "w1")
        }
    }

    @Test func `the leader's refusal reaches the caller as it is`() async throws {
        try await Self.withPair { _, _, port in
            let error = await rpcError {
                try await Self.call(port, as: .worker("w1")) { client in
                    try await SwarmDispatcher.Client(wrapping: client).assignments(.init()) { response in
                        for try await _ in response.messages {}
                    }
                }
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "session invalid")
        }
    }

    @Test func `the caller's time is the leader's too`() async throws {
        try await Self.withPair { _, _, port in
            let answer = try await Self.beat(port, as: .worker("w1"), timeout: .seconds(7))
            #expect((1...7).contains(answer.period.seconds))
        }
    }

    @Test func `a node that only the leader knows is let through`() async throws {
        try await Self.withPair { leader, follower, port in
            follower.state.withLock { $0 = StoreState() }
            _ = try await Self.beat(port, as: .worker("w1"))
            #expect(leader.last?.nodeID == "w1")
            let error = await rpcError { _ = try await Self.beat(port, as: .worker("w9")) }
            #expect(error?.code == .permissionDenied, "\(error.map { "\($0)" } ?? "none")")
            #expect(leader.count(.unknownNode) == 1)
        }
    }

    @Test func `a call takes one hop`() async throws {
        let second = AccessManager("m1", leader: "127.0.0.1:1")
        try await second.run { port in
            let first = AccessManager("m2", leader: "127.0.0.1:\(port)")
            try await first.run { port in
                let error = await rpcError { _ = try await Self.beat(port, as: .worker("w1")) }
                // After the second hop was refused a newer leader is waited for, in vain.
                #expect([.resourceExhausted, .unavailable].contains(error?.code))
                #expect(second.count(.forwardedTwice) == 1)
                #expect(second.last == nil)
            }
        }
    }

    @Test(arguments: [TestCertificate.worker("w1"), .manager("demoted"), .manager("removed"), .init()])
    func `only a manager speaks for others`(certificate: TestCertificate) async throws {
        let leader = AccessManager("m1", leader: nil)
        try await leader.run { port in
            let forged = ForwardedMetadata.outgoing(
                [:],
                of: .node(NodeName(cluster: "c1", role: .worker, node: "w1")),
                remote: "10.0.0.9:1"
            )
            let error = await rpcError { _ = try await Self.beat(port, as: certificate, metadata: forged) }
            #expect(error?.code == .permissionDenied)
            #expect(leader.count(.forwarder) == 1)
            #expect(leader.last == nil)
        }
    }

    @Test func `a worker that says it was redirected is passed on all the same`() async throws {
        try await Self.withPair { leader, _, port in
            _ = try await Self.beat(port, as: .worker("w1"), metadata: ["redirect": "10.0.0.9:1"])
            #expect(leader.last?.nodeID == "w1")
        }
    }

    @Test func `a call from the socket is the follower's own`() async throws {
        try await Self.withPair(listener: .local) { leader, _, port in
            _ = try await Self.beat(port, as: .init())
            #expect(leader.last?.nodeID == "m2")
            #expect(leader.last?.forwarder == nil)
        }
    }

    @Test func `without a leader the caller hears so`() async throws {
        let follower = AccessManager("m2", leader: "")
        try await follower.run { port in
            let error = await rpcError { _ = try await Self.beat(port, as: .worker("w1")) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.hasPrefix("The swarm does not have a leader.") == true)
        }
    }

    @Test func `a leader that comes while a call waits gets it`() async throws {
        let leader = AccessManager("m1", leader: nil)
        try await leader.run { port in
            let follower = AccessManager("m2", leader: "")
            try await follower.run(limits: .init(interval: .milliseconds(2))) { own in
                async let answer = Self.beat(own, as: .worker("w1"))
                follower.leader.withLock { $0 = "127.0.0.1:\(port)" }
                _ = try await answer
                #expect(leader.last?.nodeID == "w1")
            }
        }
    }

    @Test func `a manager that is elected while a call waits handles it`() async throws {
        let follower = AccessManager("m2", leader: "")
        try await follower.run(limits: .init(interval: .milliseconds(2))) { own in
            async let answer = Self.beat(own, as: .worker("w1"))
            follower.leader.withLock { $0 = nil }
            _ = try await answer
            #expect(follower.last?.nodeID == "w1")
        }
    }

    /// Runs `body` with a call to the first leader that hangs, and the port of the second leader.
    private static func withChange(
        _ body:
            @escaping @Sendable (_ follower: AccessManager, _ next: AccessManager, _ own: Int, _ port: Int)
            async throws -> Void
    ) async throws {
        let (first, next) = (AccessManager("m1", leader: nil), AccessManager("m3", leader: nil))
        first.work.withLock { work in
            work = { for await _ in AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1), { _ in }) {} }
        }
        try await first.run { firstPort in
            try await next.run { nextPort in
                let follower = AccessManager("m2", leader: "127.0.0.1:\(firstPort)")
                try await follower.run(limits: .init(interval: .milliseconds(2))) { own in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await body(follower, next, own, nextPort) }
                        group.addTask {
                            try await Self.eventually { first.last != nil }
                            follower.leader.withLock { $0 = "127.0.0.1:\(nextPort)" }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    @Test func `what changes nothing is repeated at the next leader`() async throws {
        try await Self.withChange { _, next, own, _ in
            _ = try await Self.beat(own, as: .worker("w1"))
            #expect(next.last?.nodeID == "w1")
        }
    }

    @Test func `a change that may have been made is not repeated, and its caller is told`() async throws {
        try await Self.withChange { _, next, own, _ in
            let error = await rpcError {
                try await Self.call(own, as: .worker("w1")) { client in
                    _ = try await SwarmResourceAllocator.Client(wrapping: client).attachNetwork(.init())
                }
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("may have been made, or not") == true)
            #expect(next.last == nil)
        }
    }
}
