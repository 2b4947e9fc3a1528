import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import TerminalTesting
import Testing

/// Recordings of what a manager told, and swarmtop as lines.
@Suite(.serialized) struct ConsoleRecordingTests {
    /// Records a swarm that gets a service, and hands the file on when the swarm is gone.
    private static func withTape(_ body: (URL) async throws -> Void) async throws {
        let tape = FileManager.default.temporaryDirectory.appending(
            path: "swarmtop-\(UInt32.random(in: 0 ... .max)).tape"
        )
        defer { try? FileManager.default.removeItem(at: tape) }
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await PseudoTerminal.with { terminal in
                let arguments = ["--record", tape.path]
                try terminal.startConsole(LocalSwarm.console, socket: swarm.socket, arguments: arguments)
                try await terminal.waitUntilLive()
                try await LocalSwarm.create("web", replicas: 3, with: client)
                try await terminal.wait(for: "the tasks") { $0.text.contains("3/3") }
                terminal.type("q")
                let end = try await terminal.end()
                #expect(end == .exited(0))
            }
        }
        try await body(tape)
    }

    @Test func `a recording is shown without a daemon, faster than it was, and changes nothing`() async throws
    {
        try await Self.withTape { tape in
            let attributes = try FileManager.default.attributesOfItem(atPath: tape.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            try await PseudoTerminal.with { terminal in
                let arguments = ["--replay", tape.path, "--speed", "20"]
                try terminal.startConsole(LocalSwarm.console, socket: "/nonexistent", arguments: arguments)
                try await terminal.wait(for: "REPLAY") { $0.lines[0].hasSuffix("REPLAY") }
                try await terminal.wait(for: "the tasks") {
                    $0.text.contains("web") && $0.text.contains("3/3")
                }
                try await terminal.waitForText("the recording ends here")
                terminal.type("1")
                try await terminal.wait(for: "the nodes") { $0.lines[2].contains("[1Nodes]") }
                terminal.type("D")
                try await terminal.wait(for: "why not") { $0.text.contains("this is a recording") }
                terminal.type("q")
                let end = try await terminal.end()
                #expect(end == .exited(0))
            }
        }
    }

    @Test func `what is no recording, or a damaged one, is refused in one line before anything is shown`()
        async throws
    {
        try await Self.withTape { tape in
            var bytes = try Data(contentsOf: tape)
            bytes[bytes.count - 10] ^= 1
            try bytes.write(to: tape)
            try await Self.expectRefused(["--replay", tape.path], "(byte ")
            try Data("no tape".utf8).write(to: tape)
            try await Self.expectRefused(["--replay", tape.path], "no recording of swarmtop's (byte 0)")
            try await Self.expectRefused(["--record", tape.path], "it is there already")
            try await Self.expectRefused(["--replay", "/nonexistent"], "No such file")
        }
    }

    private static func expectRefused(_ arguments: [String], _ words: String) async throws {
        try await PseudoTerminal.with { terminal in
            let before = try terminal.modes
            try terminal.startConsole(LocalSwarm.console, socket: "/nonexistent", arguments: arguments)
            let end = try await terminal.end()
            #expect(end == .exited(1))
            try await terminal.waitForText(words)
            #expect(terminal.transcript.split(whereSeparator: \.isNewline).count == 1)
            #expect(!terminal.transcript.contains("\u{1B}"))
            let after = try terminal.modes
            #expect(after == before)
        }
    }

    @Test func `a screen reader hears lines, and answers in words`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", replicas: 1, with: client)
            try await PseudoTerminal.with { terminal in
                try terminal.startConsole(LocalSwarm.console, socket: swarm.socket, arguments: ["--reader"])
                try await terminal.waitForText("Connected.")
                terminal.type("nodes\n")
                try await terminal.waitForText("NAME")
                terminal.type(":scale web 3\n")
                try await terminal.waitForText("Type yes to scale, another number, or no.")
                terminal.type("4\n")
                try await terminal.waitForText("scale web 4")
                terminal.type("maybe\n")
                try await terminal.waitForText("maybe is no answer")
                terminal.type("yes\n")
                try await terminal.waitForText("web scaled from 1 to 4")
                let services = try await client.control.listServices(.init()).services
                #expect(services.map(\.spec.replicated.replicas) == [4])
                #expect(!terminal.transcript.contains("\u{1B}"))
                terminal.type("quit\n")
                let end = try await terminal.end()
                #expect(end == .exited(0))
            }
        }
    }
}
