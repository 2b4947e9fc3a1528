import BenchSupport
import ControlClient
import Foundation
import SwarmAPI
import SwiftProtobuf

/// From `service create` to RUNNING: one replica as a process, and a thousand simulated ones.
///
/// SwarmKit takes 10.4 s for the thousand on this kind of machine: its stages each wait for batches.
enum FirstLight {
    private static let rounds = 30
    private static let replicas: UInt64 = 1_000

    static func run() async throws -> [Finding] {
        let sync = try RawLimits.fdatasync(.overwrite, count: 500, in: FileManager.default.temporaryDirectory)
        let fork = try RawLimits.forkExec(count: 50)
        let single = try await Self.singleReplica()
        let many = try await Self.manyReplicas()
        return [
            .figure("fdatasync-p50", sync.percentile(0.5), unit: "ms"),
            .figure("fork-exec-p50", fork.percentile(0.5), unit: "ms"),
            .figure("create-to-running-process-p50", single.percentile(0.5), unit: "ms"),
            .figure("create-to-running-process-p95", single.percentile(0.95), unit: "ms"),
            .figure("create-to-running-simulated-1000", many, unit: "ms"),
            .ratio("create-to-running-process-over-fork-exec", single.percentile(0.5) / fork.percentile(0.5)),
            .ratio("simulated-1000-over-swarmkit-10400ms", many / 10_400),
        ]
    }

    private static func singleReplica() async throws -> Samples {
        try await TestCluster.with(executor: "process") { client, _ in
            var times: [Double] = []
            for round in 0..<Self.rounds {
                let spec = Self.spec(name: "one-\(round)", replicas: 1, command: ["sleep", "60"])
                let (id, time) = try await client.timeToRunning(spec)
                times.append(time.milliseconds)
                try await client.removeAndWait(id)
            }
            return Samples(times)
        }
    }

    private static func manyReplicas() async throws -> Double {
        try await TestCluster.with(executor: "simulated") { client, _ in
            let spec = Self.spec(name: "many", replicas: Self.replicas, command: [])
            return try await client.timeToRunning(spec).time.milliseconds
        }
    }

    private static func spec(name: String, replicas: UInt64, command: [String]) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = name
            $0.replicated.replicas = replicas
            $0.task.container.image = "host"
            $0.task.container.command = command
            $0.task.container.stopGracePeriod.seconds = 1
        }
    }
}
