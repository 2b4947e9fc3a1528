import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import NIOPosix
import RaftCore
import Replication
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

@testable import ManagerNode

/// Links on real loopback connections.
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

    /// Runs `body` with member 1's links to member 2 at `port`.
    static func withLinks(
        to port: Int,
        limits: LinkLimits = Self.limits,
        snapshot: StoredSnapshot? = nil,
        _ body: @escaping @Sendable (PeerLinks) async throws -> Void
    ) async throws {
        let links = PeerLinks(member: 1, security: UncertifiedNode("n1"), limits: limits, log: Self.log) {
            _ in
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
    /// What came besides messages: what stores amount to, and where members say that they listen.
    let digests: AsyncStream<SwarmdStateDigest>
    let addresses: AsyncStream<String>
    private let comparing: AsyncStream<SwarmdStateDigest>.Continuation
    private let learning: AsyncStream<String>.Continuation
    private let state: Mutex<(batches: Int, removed: [RaftID])>

    init(removed: [RaftID] = []) {
        (self.arrived, self.arriving) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100_000))
        (self.digests, self.comparing) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        (self.addresses, self.learning) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        self.state = Mutex((0, removed))
    }

    /// How often messages were handed over.
    var batches: Int { self.state.withLock { $0.batches } }

    func receive(_ messages: [RaftCore.Message]) {
        self.state.withLock { $0.batches += 1 }
        for message in messages { self.arriving.yield(message) }
    }

    func learn(_ id: RaftID, node: String, at address: String, term: UInt64) {
        self.learning.yield("\(id.rawValue) \(node) \(address) \(term)")
    }

    func seek(_ id: RaftID, term: UInt64) { self.learning.yield("\(id.rawValue)?") }

    func compare(_ digests: [SwarmdStateDigest], from id: RaftID) {
        for digest in digests { self.comparing.yield(digest) }
    }

    func isRemoved(_ id: RaftID) -> Bool { self.state.withLock { $0.removed.contains(id) } }

    func node(of id: RaftID) -> String? { [1, 7].contains(id) ? "n\(id.rawValue)" : nil }

    func address(of id: RaftID) -> String? { [1, 7].contains(id) ? "127.0.0.1:\(id.rawValue)" : nil }

    /// The indices of the next digests, until that of `last` comes.
    func digests(upTo last: UInt64) async -> [UInt64] {
        var indices: [UInt64] = []
        for await digest in self.digests {
            indices.append(digest.index)
            if digest.index == last { break }
        }
        return indices
    }

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
