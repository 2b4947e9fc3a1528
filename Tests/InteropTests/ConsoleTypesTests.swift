import Foundation
import Glibc
import TerminalTesting
import Testing

/// swarmtop on terminals of all kinds: it works, or says in one line why not, and gives them back as they were.
@Suite(.serialized) struct ConsoleTypesTests {
    /// Terminals that an operator may have; the last is not in the system's list.
    static let types = ["xterm-256color", "screen-256color", "linux", "vt100", "no-such-terminal"]

    @Test(arguments: Self.types)
    func `it works on a terminal, outlives the daemon, and gives the terminal back`(type: String) async throws
    {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", with: client)
            try await PseudoTerminal.with { terminal in
                terminal.makeUnusual()
                let before = try terminal.modes
                try terminal.startConsole(LocalSwarm.console, socket: swarm.socket, type: type)
                try await terminal.wait(for: "LIVE on \(type)") { $0.lines[0].hasSuffix("LIVE") }
                if type == "no-such-terminal" {
                    try await terminal.waitForText("no-such-terminal is unknown here")
                }
                terminal.type("1")
                try await terminal.wait(for: "the nodes") { $0.lines[2].contains("[1Nodes]") }

                swarm.kill("manager")
                try await terminal.wait(for: "STALE") { $0.lines[0].contains("STALE") }
                terminal.type("2")
                try await terminal.wait(for: "the services") { $0.lines[2].contains("[2Services]") }
                terminal.signal(SIGTERM)
                let end = try await terminal.end()
                #expect(end == .exited(128 + SIGTERM))
                try await Self.expectGivenBack(terminal, before)
            }
        }
    }

    @Test(arguments: Self.types)
    func `without a daemon it starts, and q ends it`(type: String) async throws {
        try await PseudoTerminal.with { terminal in
            terminal.makeUnusual()
            let before = try terminal.modes
            try terminal.startConsole(LocalSwarm.console, socket: "/nonexistent/swarmd.sock", type: type)
            try await terminal.wait(for: "CONNECTING") { $0.lines[0].hasSuffix("CONNECTING") }
            terminal.type("q")
            let end = try await terminal.end()
            #expect(end == .exited(0))
            try await Self.expectGivenBack(terminal, before)
        }
    }

    @Test func `a terminal without a cursor is told what to use instead, in one line`() async throws {
        try await PseudoTerminal.with { terminal in
            terminal.makeUnusual()
            let before = try terminal.modes
            try terminal.startConsole(LocalSwarm.console, socket: "/nonexistent/swarmd.sock", type: "dumb")
            let end = try await terminal.end()
            #expect(end == .exited(1))
            try await terminal.waitForText("use --batch, or --reader")
            let lines = terminal.transcript.split(whereSeparator: \.isNewline)
            #expect(lines.count == 1 && lines[0].hasPrefix("swarmtop: TERM=dumb"))
            #expect(!terminal.transcript.contains("\u{1B}"))
            let after = try terminal.modes
            #expect(after == before)
        }
    }

    /// The modes are those of before, and what was switched on is off again.
    private static func expectGivenBack(_ terminal: PseudoTerminal, _ before: TerminalModes) async throws {
        try await terminal.waitForText("\u{1B}[?2004l")
        let after = try terminal.modes
        #expect(after == before)
        let text = terminal.transcript
        for mode in ["?1049", "?2004", "?2026"] {
            let (on, off) = ("\u{1B}[\(mode)h", "\u{1B}[\(mode)l")
            guard let begin = text.range(of: on, options: .backwards) else { continue }
            try await terminal.wait(for: off) { _ in
                terminal.transcript.range(of: off, options: .backwards).map {
                    $0.lowerBound > begin.lowerBound
                }
                    ?? false
            }
        }
    }
}
