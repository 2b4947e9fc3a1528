import Foundation
import Glibc
import Primitives
import TerminalTesting
import Testing

/// swarmtop as operators set it up: mouse, clipboard, themes, and what is kept from one run to the next.
@Suite(.serialized) struct ConsoleOptionsTests {
    @Test(arguments: ["q", ""])
    func `the mouse is asked for, selects, and is given back however the console ends`(
        key: String
    ) async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            for name in ["api", "web"] { try await LocalSwarm.create(name, with: client) }
            try await swarm.withConsole(arguments: ["--mouse"]) { terminal in
                try await terminal.waitUntilLive()
                try await terminal.wait(for: "the services") { $0.text.contains("web") }
                let before = terminal.screen
                #expect(before.reportsMouse)
                let row = try #require(terminal.screen.lines.firstIndex { $0.contains(" web ") })
                terminal.type("\u{1B}[<0;10;\(row + 1)M")
                try await terminal.wait(for: "the cursor on web") { $0.lines[row].hasPrefix(">") }
                if key.isEmpty { terminal.signal(SIGTERM) } else { terminal.type(key) }
                let end = try await terminal.end()
                let expected: PseudoTerminal.End = key.isEmpty ? .exited(128 + SIGTERM) : .exited(0)
                #expect(end == expected)
                try await terminal.wait(for: "the mouse given back") { !$0.reportsMouse && !$0.isAlternate }
                let after = terminal.screen
                #expect(after.unknown.isEmpty)
            }
        }
    }

    @Test func `without the flag the mouse stays the terminal's, and Y copies within a frame`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", with: client)
            try await swarm.withConsole { terminal in try await Self.copyName(terminal) }
        }
    }

    private static func copyName(_ terminal: PseudoTerminal) async throws {
        try await terminal.waitUntilLive()
        try await terminal.wait(for: "the service") { $0.text.contains("web") }
        let before = terminal.screen
        #expect(!before.reportsMouse)
        terminal.type("Yn")
        try await terminal.wait(for: "a copy") { $0.clipboard == "d2Vi" }
        try await terminal.wait(for: "the word of it") { $0.text.contains("copied the name: web") }
        let after = terminal.screen
        #expect(after.outsideFrames == before.outsideFrames)
    }

    @Test func `a theme that there is none of is one line, and ends`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            try await swarm.withConsole(arguments: ["--theme", "dark"]) { terminal in
                let end = try await terminal.end()
                #expect(end == .exited(1))
                let words = "swarmtop: no theme 'dark': choose default, bright, light or mono"
                try await terminal.wait(for: "the reason") { $0.lines[0] == words }
            }
        }
    }

    @Test func `the file's keys and theme hold, what is wrong in it is said, and columns come back`()
        async throws
    {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", with: client)
            let home = swarm.folder.appending(path: "home")
            let folder = home.appending(path: ".config/swarmtop")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = "version = 1\ntheme = mono\nkey.scale = C\nkey.logs = y\n"
            try text.write(to: folder.appending(path: "config"), atomically: true, encoding: .utf8)
            let environment = ["HOME": home.path]
            try await swarm.withConsole(environment: environment) { terminal in
                try await terminal.waitUntilLive()
                try await terminal.wait(for: "the fault") {
                    $0.text.contains("~/.config/swarmtop/config:4: key.logs = y is refused")
                }
                try await terminal.wait(for: "the key in the hints") { $0.text.contains("C:scale") }
                let colours = terminal.screen.grid.cells.joined().compactMap { $0.look.colour }
                #expect(colours.isEmpty)
                terminal.type("cj ")
                try await terminal.wait(for: "the menu of columns") { $0.text.contains("[ ] MODE") }
                // The menu closes by itself first: an ESC before a letter would be one key with it.
                terminal.type("\u{1B}")
                try await terminal.wait(for: "the list") { !$0.text.contains("[ ] MODE") }
                terminal.type("q")
                _ = try await terminal.end()
            }
            let views = home.appending(path: ".local/state/swarmtop/views")
            let kept = try String(contentsOf: views, encoding: .utf8)
            #expect(kept.hasPrefix("swarmtop-views 1 "))
            #expect(kept.contains("services\t\tno\tno\tMODE"))
            try await self.reopen(swarm, environment, views, kept)
        }
    }

    private func reopen(
        _ swarm: LocalSwarm,
        _ environment: [String: String],
        _ views: URL,
        _ kept: String
    ) async throws {
        try await swarm.withConsole(environment: environment) { terminal in
            try await terminal.waitUntilLive()
            #expect(!terminal.screen.lines[3].contains("MODE"))
        }
        try kept.dropLast(3).write(to: views, atomically: true, encoding: .utf8)
        try await swarm.withConsole(environment: environment) { terminal in
            try await terminal.waitUntilLive()
            #expect(terminal.screen.lines[3].contains("MODE"))
            try await terminal.wait(for: "the notice") { $0.text.contains("is damaged") }
        }
    }
}
