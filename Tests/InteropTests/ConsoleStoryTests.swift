import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// swarmtop in a real terminal (tmux) on a real cluster.
@Suite(.serialized) struct ConsoleStoryTests {
    @Test func `an operator scales, drains, loses the daemon and finds it again`() async throws {
        try await LocalSwarm.run(executor: "simulated", workers: 1) { swarm, client in
            let spec = SwarmServiceSpec.with {
                $0.annotations.name = "web"
                $0.replicated.replicas = 2
                $0.task.container.image = "host"
            }
            _ = try await client.control.createService(.with { $0.spec = spec })
            let terminal = TmuxTerminal(swarm: swarm)
            try terminal.open(columns: 80, rows: 24)
            defer { terminal.close() }
            try await terminal.waitFor("LIVE")

            // Scale by keys: the dialog takes a number; `y` accepts.
            try terminal.type("2")
            try await terminal.waitFor("web")
            try terminal.type("S")
            try await terminal.waitFor("Scale web")
            try terminal.type("5")
            try await terminal.waitFor("5")
            try terminal.type("y")
            try await terminal.waitFor("5/5")
            let scaled = try await client.control.listServices(.init()).services
            #expect(scaled.map(\.spec.replicated.replicas) == [5])

            // Drain the selected node by keys.
            try terminal.type("1")
            try await terminal.waitFor("worker-1")
            try terminal.type("/", "worker-1", "Enter")
            try terminal.type("D")
            try await terminal.waitFor("Drain worker-1")
            try terminal.type("y")
            try await swarm.waitUntil("the node is drained", within: 15) {
                try await client.control.listNodes(.init()).nodes.contains {
                    $0.description_p.hostname == "worker-1" && $0.spec.availability == .drain
                }
            }
            try await terminal.waitFor("drain")

            // Lose the daemon, and find it again.
            swarm.kill("manager")
            try await terminal.waitFor("STALE")
            try swarm.restart("manager")
            try await terminal.waitFor("LIVE", within: 30)
            try terminal.type("q")
        }
    }
}
