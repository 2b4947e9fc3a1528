import ControlClient
import Foundation
import Glibc
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// Tasks live on through the death of the daemon that started them.
@Suite(.serialized) struct SurvivalTests {
    @Test func `twenty tasks survive the kill of the manager and then of a worker, none twice, none lost`()
        async throws
    {
        try await LocalSwarm.run(workers: 1) { swarm, client in
            let starts = swarm.folder.appending(path: "starts").path
            let spec = Self.spec("steady", replicas: 20, "echo $$ >> \(starts); exec sleep 600")
            _ = try await client.control.createService(.with { $0.spec = spec })
            try await swarm.waitUntil("20 tasks run", within: 60) {
                try await Self.running(client).count == 20
            }
            let before = try await Self.running(client)
            #expect(Set(before.values).count == 20)

            for victim in ["manager", "worker-1"] {
                swarm.kill(victim)
                try swarm.restart(victim)
                try await swarm.waitUntil("all nodes are ready again after \(victim)", within: 30) {
                    try await client.control.listNodes(.init()).nodes.allSatisfy { $0.status.state == .ready }
                }
                try await swarm.waitUntil("20 tasks run after \(victim)", within: 30) {
                    try await Self.running(client).count == 20
                }
                #expect(try await Self.running(client) == before, "after the kill of \(victim)")
            }
            let pids = try String(contentsOfFile: starts, encoding: .utf8).split(separator: "\n").map(
                String.init
            )
            #expect(pids.count == 20, "a task was started twice")
            #expect(Set(pids) == Set(before.values.map(String.init)))
            #expect(before.values.allSatisfy { kill(pid_t($0), 0) == 0 }, "a task was lost")
        }
    }

    @Test func `a task that ended while its daemon was dead is reported with its exit code`() async throws {
        try await LocalSwarm.run { swarm, client in
            let flag = swarm.folder.appending(path: "flag").path
            let done = swarm.folder.appending(path: "done").path
            var spec = Self.spec(
                "short",
                replicas: 1,
                "while [ ! -e \(flag) ]; do sleep 0.05; done; touch \(done); exit 7"
            )
            spec.task.restart.condition = .none
            _ = try await client.control.createService(.with { $0.spec = spec })
            try await swarm.waitUntil("the task runs", within: 30) {
                try await Self.running(client).count == 1
            }

            swarm.kill("manager")
            _ = FileManager.default.createFile(atPath: flag, contents: nil)
            try await swarm.waitUntil("the task ended", within: 10) {
                FileManager.default.fileExists(atPath: done)
            }
            try swarm.restart("manager")

            try await swarm.waitUntil("the failure is reported", within: 30) {
                try await client.control.listTasks(.init()).tasks.contains { $0.status.state == .failed }
            }
            let tasks = try await client.control.listTasks(.init()).tasks
            #expect(tasks.map(\.status.container.exitCode) == [7])
        }
    }

    private static func spec(_ name: String, replicas: UInt64, _ script: String) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = name
            $0.replicated.replicas = replicas
            $0.task.container.image = "host"
            $0.task.container.command = ["sh", "-c", script]
            $0.task.container.stopGracePeriod.seconds = 1
        }
    }

    /// The running tasks' process ids, by task id.
    private static func running(_ client: ControlClient) async throws -> [String: Int32] {
        let tasks = try await client.control.listTasks(.init()).tasks.filter { $0.status.state == .running }
        return Dictionary(uniqueKeysWithValues: tasks.map { ($0.id, $0.status.container.pid) })
    }
}
