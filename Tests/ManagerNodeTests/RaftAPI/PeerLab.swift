import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import NIOPosix
import RaftCore
import Replication
import SwarmAPI
import SwiftProtobuf
import Synchronization

@testable import ManagerNode

/// Servers and links on real loopback connections.
enum PeerLab {
    static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Limits with short pauses, and deadlines that a busy machine keeps; tests of silence shorten theirs.
    static var limits: LinkLimits {
        var limits = LinkLimits()
        limits.firstPause = .milliseconds(10)
        limits.longestPause = .milliseconds(20)
        limits.connecting = .seconds(20)
        limits.receipt = .seconds(20)
        limits.call = .seconds(20)
        return limits
    }

    /// Serves on a port of the kernel's choice, or on `port`, while `body` runs; afterwards nobody listens.
    static func withServer(
        port: Int = 0,
        _ services: [any RegistrableRPCService],
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let listener = try TCPListener(
            address: "127.0.0.1:\(port)",
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            log: Self.log
        )
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                let server = APIServer(listener: listener, services: services)
                try await server.run(onReady: { bound.yield($0.ipv4?.port ?? 0) })
            }
            group.addTask {
                for await port in ports { return try await body(port) }
            }
            try await group.next()
        }
    }

    /// Runs `body` with member 1's links to member 2 at `port`.
    static func withLinks(
        to port: Int,
        limits: LinkLimits = Self.limits,
        snapshot: StoredSnapshot? = nil,
        _ body: @escaping @Sendable (PeerLinks) async throws -> Void
    ) async throws {
        let links = PeerLinks(member: 1, nodeID: "n1", limits: limits, log: Self.log) { _ in
            snapshot.map { SnapshotSource($0) }
        }
        links.setMembers([Self.member(1, port: 1), Self.member(2, port: port)])
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await links.run() }
            group.addTask { try await body(links) }
            try await group.next()
        }
    }

    static func member(_ id: UInt64, port: Int) -> SwarmRaftMember {
        .with {
            $0.raftID = id
            $0.nodeID = "n\(id)"
            $0.addr = "127.0.0.1:\(port)"
        }
    }

    static func message(_ index: UInt64, _ kind: RaftCore.Message.Kind = .appendResponse) -> RaftCore.Message
    {
        RaftCore.Message(kind, to: 2, from: 1, term: 1, index: index)
    }
}

extension PeerLinks {
    /// Returns when member 2 is reached.
    func reach() async throws {
        while !self.isReachable(2) { try await ContinuousClock().sleep(for: .milliseconds(1)) }
    }

    /// Returns when member 2 is known not to be reached.
    func lose() async throws {
        while self.isReachable(2) { try await ContinuousClock().sleep(for: .milliseconds(1)) }
    }

    /// Reads reports until `wanted` comes.
    func wait(for wanted: PeerReport) async {
        for await report in self.reports where report == wanted { return }
    }
}

/// Keeps what arrives.
final class RecordingReceiver: RaftReceiver {
    let id: RaftID = 2
    let arrived: AsyncStream<RaftCore.Message>
    private let arriving: AsyncStream<RaftCore.Message>.Continuation
    private let state: Mutex<(batches: Int, removed: [RaftID])>

    init(removed: [RaftID] = []) {
        (self.arrived, self.arriving) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100_000))
        self.state = Mutex((0, removed))
    }

    /// How often messages were handed over.
    var batches: Int { self.state.withLock { $0.batches } }

    func receive(_ messages: [RaftCore.Message]) {
        self.state.withLock { $0.batches += 1 }
        for message in messages { self.arriving.yield(message) }
    }

    func isRemoved(_ id: RaftID) -> Bool { self.state.withLock { $0.removed.contains(id) } }

    func address(of id: RaftID) -> String? { id == 1 ? "127.0.0.1:1" : nil }

    /// The next messages, `count` of them.
    func next(_ count: Int = 1) async -> [RaftCore.Message] {
        var messages: [RaftCore.Message] = []
        for await message in self.arrived {
            messages.append(message)
            if messages.count == count { break }
        }
        return messages
    }
}
