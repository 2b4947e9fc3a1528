import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// Three real managers on loopback that lose their leader in several ways.
@Suite(.serialized) struct GroupTests {
    private static func write(_ number: Int, to name: String, of swarm: LocalSwarm) async throws {
        try await swarm.writeConfig("c\(number)", bytes: 256, to: name)
    }

    private static func configs(on name: String, of swarm: LocalSwarm) async throws -> [String] {
        try await swarm.configNames(on: name)
    }

    /// Ends the leader with `signal`, and returns how long no write was accepted.
    private static func failover(_ swarm: LocalSwarm, signal: Int32, number: Int) async throws -> Duration {
        let old = try await swarm.leader()
        try await Self.write(number, to: old, of: swarm)
        let start = ContinuousClock.now
        swarm.kill(old, signal)
        let others = LocalSwarm.managers.filter { $0 != old }
        try await swarm.waitUntil("a write is accepted", within: 20) {
            for name in others where (try? await Self.write(number + 1, to: name, of: swarm)) != nil {
                return true
            }
            return false
        }
        let gap = ContinuousClock.now - start
        // What was acknowledged before is there, wherever one asks.
        for name in others {
            let configs = try await Self.configs(on: name, of: swarm)
            #expect(configs.contains("c\(number)") && configs.contains("c\(number + 1)"))
        }
        try swarm.restart(old)
        try await swarm.waitUntil("\(old) is back", within: 30) {
            try await Self.configs(on: old, of: swarm).contains("c\(number + 1)")
        }
        return gap
    }

    @Test func `the group outlives its leader, killed or stopped`() async throws {
        try await LocalSwarm.runGroup { swarm in
            var gaps: [Duration] = []
            for (round, signal) in [SIGKILL, SIGTERM, SIGKILL].enumerated() {
                gaps.append(try await Self.failover(swarm, signal: signal, number: 10 * round))
                try await swarm.waitForVoters(3, asking: try await swarm.leader())
            }
            // The exact figures are the benchmark's; on a busy machine a test only sees that it is not minutes.
            #expect(gaps.allSatisfy { $0 < .seconds(10) }, "\(gaps)")
        }
    }

    @Test func `the stores of the managers stay the same`() async throws {
        try await LocalSwarm.runGroup(["--log-level", "debug"]) { swarm in
            let leader = try await swarm.leader()
            try await swarm.withClient(of: leader) { client in
                _ = try await client.control.createService(
                    .with {
                        $0.spec.annotations.name = "web"
                        $0.spec.task.container.image = "host"
                        $0.spec.replicated.replicas = 30
                    }
                )
            }
            // The managers compare at every 1,024th entry.
            try await swarm.withClient(of: leader) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in 0..<8 {
                        group.addTask {
                            for number in 0..<140 {
                                _ = try await client.control.createConfig(
                                    .with {
                                        $0.spec.annotations.name = "c\(worker)-\(number)"
                                        $0.spec.data = Data([1])
                                    }
                                )
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            for name in LocalSwarm.managers.dropFirst() {
                try await swarm.waitUntil("\(name) has compared", within: 20) {
                    try swarm.logText(of: name).contains("another manager's store is the same")
                }
            }
            for name in LocalSwarm.managers { #expect(try !swarm.logText(of: name).contains("differs")) }
        }
    }

    @Test func `a follower answers reads, and passes changes on to the leader`() async throws {
        try await LocalSwarm.runGroup { swarm in
            let leader = try await swarm.leader()
            let follower = try #require(LocalSwarm.managers.first { $0 != leader })
            try await Self.write(1, to: leader, of: swarm)
            #expect(try await Self.configs(on: follower, of: swarm) == ["c1"])
            let created = try swarm.command(
                "swarmd",
                ["service", "create", "--detach", "--name", "web", "host", "sleep", "1"],
                on: follower
            )
            #expect(created.status == 0, "\(created.err)")
            let listed = try swarm.command("swarmd", ["service", "ls", "--quiet"], on: leader)
            #expect(created.out.hasPrefix(listed.out.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(!listed.out.isEmpty)
        }
    }

    @Test func `a cluster without its majority is recovered by force, with all it had`() async throws {
        try await LocalSwarm.runGroup { swarm in
            let leader = try await swarm.leader()
            for number in 1...20 { try await Self.write(number, to: leader, of: swarm) }
            for name in LocalSwarm.managers { swarm.kill(name, SIGKILL) }
            let directory = swarm.folder.appending(path: "manager").path
            let recovered = try swarm.command(
                "swarmd",
                ["cluster", "recover", "--force-new-cluster", "--state-dir", directory]
            )
            #expect(recovered.status == 0, "\(recovered.err)")
            try swarm.restart("manager")
            try await swarm.waitUntil("the manager leads alone", within: 20) {
                (try? await Self.write(21, to: "manager", of: swarm)) != nil
            }
            #expect(try await Self.configs(on: "manager", of: swarm).count == 21)
        }
    }

    @Test func `a backup is restored elsewhere, and not beside a live group`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            for number in 1...20 { try await Self.write(number, to: "manager", of: swarm) }
            let file = swarm.folder.appending(path: "cluster.backup").path
            let written = try swarm.command("swarmd", ["cluster", "backup", file])
            #expect(written.status == 0, "\(written.err)")
            let directory = swarm.folder.appending(path: "manager-2").path
            let restore = ["cluster", "restore", file, "--state-dir", directory]
            let refused = try swarm.command("swarmd", restore)
            #expect(refused.status == 1 && refused.err.contains("--yes-i-know"))
            swarm.kill("manager")
            let restored = try swarm.command("swarmd", restore)
            #expect(restored.status == 0, "\(restored.err)")
            // The restored directory has its node already: the flags of a first start change nothing.
            try swarm.start("manager-2", ["--executor", "simulated"])
            try await swarm.waitUntil("the restored manager answers", within: 20) {
                try await Self.configs(on: "manager-2", of: swarm).count == 20
            }
            swarm.kill("manager-2", SIGTERM)
            try swarm.restart("manager")
        }
    }
}
