import BenchSupport
import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// swarmtop in a real terminal (tmux) on a real cluster.
@Suite(.serialized) struct ConsoleStoryTests {
    /// A tmux server of our own with swarmtop in its one pane.
    private struct Terminal {
        let swarm: LocalSwarm

        private var server: [String] { ["-S", self.swarm.folder.appending(path: "tmux").path] }

        func open() throws {
            let console = Products.swarmtop.path
            let command = "SWARM_SOCKET=\(self.swarm.socket) LC_ALL=C.UTF-8 \(console)"
            try self.tmux(["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", command])
        }

        func type(_ keys: String...) throws { try self.tmux(["send-keys", "-t", "0"] + keys) }

        func screen() throws -> String { try self.tmux(["capture-pane", "-p", "-t", "0"]) }

        func close() { _ = try? self.tmux(["kill-server"]) }

        func waitFor(_ text: String, within seconds: Int = 15) async throws {
            do {
                try await self.swarm.waitUntil("'\(text)' on the screen", within: seconds) {
                    try self.screen().contains(text)
                }
            } catch {
                FileHandle.standardError.write(Data(((try? self.screen()) ?? "no screen").utf8))
                throw error
            }
        }

        @discardableResult
        private func tmux(_ arguments: [String]) throws -> String {
            let process = Process()
            // tmux's server outlives the call; it must not inherit the descriptor by which Process sees the end.
            let closing =
                #"for f in /proc/$$/fd/*; do n=${f##*/}; ((n > 2)) && eval "exec $n>&-"; done; exec tmux "$@""#
            process.executableURL = URL(filePath: "/bin/bash")
            process.arguments = ["-c", closing, "tmux"] + self.server + arguments
            process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm-256color"]) {
                $1
            }
            // A file, not a pipe: tmux's server inherits it, and a pipe would never end.
            let output = self.swarm.folder.appending(path: "tmux.out")
            _ = FileManager.default.createFile(atPath: output.path, contents: nil)
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return try String(contentsOf: output, encoding: .utf8)
        }
    }

    @Test func `an operator scales, drains, loses the daemon and finds it again`() async throws {
        try await LocalSwarm.run(executor: "simulated", workers: 1) { swarm, client in
            let spec = SwarmServiceSpec.with {
                $0.annotations.name = "web"
                $0.replicated.replicas = 2
                $0.task.container.image = "host"
            }
            _ = try await client.control.createService(.with { $0.spec = spec })
            let terminal = Terminal(swarm: swarm)
            try terminal.open()
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
