import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

extension LocalSwarm {
    /// The managers of `runGroup`.
    static let managers = ["manager", "manager-2", "manager-3"]

    /// Brings up three managers, waits until all of them vote, runs `body`, and cleans up.
    static func runGroup(
        _ arguments: [String] = [],
        _ body: (LocalSwarm) async throws -> Void
    ) async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            for name in Self.managers.dropFirst() { try await swarm.startManager(name, arguments) }
            try await swarm.waitForVoters(3)
            try await body(swarm)
        }
    }

    /// Starts a new manager, which joins the group of the first, which must lead.
    func startManager(_ name: String, _ arguments: [String] = []) async throws {
        try await self.join(name, as: "manager", ["--executor", "simulated"] + arguments)
    }

    /// Waits until `count` members vote and answer, as `name` sees it.
    func waitForVoters(_ count: Int, asking name: String = "manager") async throws {
        try await self.waitUntil("\(count) members vote", within: 30) {
            let members = try await self.raft(asking: name).members
            return members.filter { !$0.learner && $0.reachable }.count == count
        }
    }

    /// What the manager `name` says of the group.
    func raft(asking name: String) async throws -> SwarmdRaftProgress {
        var progress = SwarmdRaftProgress()
        try await self.withClient(of: name) { client in
            progress = try await client.status()?.raft ?? .init()
        }
        return progress
    }

    /// The running manager that leads.
    func leader() async throws -> String {
        var leader: String?
        try await self.waitUntil("a leader is known", within: 15) {
            for name in Self.managers where self.daemons[name]?.process != nil {
                guard let raft = try? await self.raft(asking: name), !raft.leaderID.isEmpty else { continue }
                if try await self.nodeID(of: name) == raft.leaderID { leader = name }
            }
            return leader != nil
        }
        return try #require(leader)
    }

    /// The identifier of the manager `name`.
    func nodeID(of name: String) async throws -> String {
        var id = ""
        try await self.withClient(of: name) { id = try await $0.status()?.nodeID ?? "" }
        return id
    }
}
