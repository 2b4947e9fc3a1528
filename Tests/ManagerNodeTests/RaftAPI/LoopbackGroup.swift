import Foundation
import GRPCCore
import Primitives
import RaftCore
import Replication
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

@testable import ManagerNode

/// Real members of one group, with logs on disk, that reach each other over loopback.
struct LoopbackGroup: Sendable {
    /// The members; member `n` is the `n`-th.
    let members: [GroupProposer]
    private let ports: [Int]

    /// How a member named `id` is known.
    func named(_ id: UInt64) -> SwarmRaftMember { PeerLab.member(id, port: self.ports[Int(id - 1)]) }

    /// Makes a group of `count`, of which the first leads and all vote, and runs `body` beside its servers.
    ///
    /// `body` runs the members but the first itself, as `run` of each.
    static func with(
        _ count: Int,
        _ body: @escaping @Sendable (LoopbackGroup) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "group-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Below the ports that the system gives to whoever connects: between now and its server's start, one of those
        // may be taken.
        let ports = Array(Set((0..<64).map { _ in Int.random(in: 10_000..<32_000) }).prefix(count))
        let members = try (1...count).map { number in
            try Self.open(UInt64(number), ports: ports, in: folder.appending(path: "\(number)").path)
        }
        try await LoopbackGroup(members: members, ports: ports).serve(from: 0, body)
    }

    private static func open(_ id: UInt64, ports: [Int], in directory: String) throws -> GroupProposer {
        let known = PeerLab.member(id, port: ports[Int(id - 1)])
        let links = PeerLinks(
            member: id,
            security: UncertifiedNode("n\(id)"),
            limits: PeerLab.limits,
            log: PeerLab.log
        ) { _ in
            nil
        }
        links.announce(known.addr)
        let first = PeerLab.member(1, port: ports[0])
        return try GroupProposer(
            storage: try LogStorage(directory: directory),
            origin: id == 1 ? .found(known) : .join(raftID: id, members: [first]),
            transport: links,
            seed: id,
            now: { Timestamp(seconds: 1) },
            log: PeerLab.log
        )
    }

    private func serve(
        from place: Int,
        _ body: @escaping @Sendable (LoopbackGroup) async throws -> Void
    ) async throws {
        guard place < self.members.count else { return try await self.lead(body) }
        let member = self.members[place]
        let services: [any RegistrableRPCService] = [
            ReplicationService(receiver: member),
            RaftService(receiver: member, security: UncertifiedNode("n\(place + 1)")),
        ]
        try await TestServer.run(port: self.ports[place], services) { _ in
            try await self.serve(from: place + 1, body)
        }
    }

    private func lead(_ body: @escaping @Sendable (LoopbackGroup) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.members[0].run() }
            group.addTask { try await body(self) }
            try await group.next()
        }
    }

    /// Takes all members in and returns when each knows the whole group.
    func form() async throws {
        for id in 2...UInt64(self.members.count) {
            try await self.change { try await $0.add(self.named(id), asLearner: true) }
            try await self.change { try await $0.add(self.named(id), asLearner: false) }
        }
        while self.members.contains(where: { $0.membership.members.count < self.members.count }) {
            try await Self.pause()
        }
    }

    /// Asks whoever leads for a change, again until it is done: on a busy machine leadership may move.
    func change(_ body: (GroupProposer) async throws -> Void) async throws {
        while true {
            if let leader = self.members.first(where: \.isLeader), (try? await body(leader)) != nil { return }
            try await Self.pause()
        }
    }

    private static func pause() async throws { try await ContinuousClock().sleep(for: .milliseconds(5)) }
}
