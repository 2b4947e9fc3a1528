import Foundation
import Glibc
import Primitives
import TerminalTesting
import Testing

/// swarmtop on a terminal: how soon, how little, and what it leaves behind.
///
/// The bounds on time are wide, because the machine of a test is shared; `make bench` prints the figures.
@Suite(.serialized) struct ConsoleTerminalTests {
    /// Ways to make the console end, and how it should.
    enum Farewell: String, CaseIterable, Sendable {
        case key, interrupt, terminate, hangUp

        func say(to terminal: PseudoTerminal) {
            switch self {
            case .key: terminal.type("q")
            case .interrupt: terminal.signal(SIGINT)
            case .terminate: terminal.signal(SIGTERM)
            case .hangUp: terminal.signal(SIGHUP)
            }
        }

        var end: PseudoTerminal.End {
            switch self {
            case .key: .exited(0)
            case .interrupt: .exited(128 + SIGINT)
            case .terminate: .exited(128 + SIGTERM)
            case .hangUp: .exited(128 + SIGHUP)
            }
        }
    }

    private static let strace = "/usr/bin/strace"
    private static let redraw = "\u{0C}"
    private static let suspend = "\u{1A}"

    // MARK: How soon

    @Test func `the first frame comes soon after the start`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            var times: [Duration] = []
            for _ in 0..<6 {
                times.append(
                    try await PseudoTerminal.with { terminal in
                        let began = try terminal.startConsole(LocalSwarm.console, socket: swarm.socket)
                        try await terminal.wait(for: "first frame") { $0.frames > 0 }
                        return try #require(terminal.moment { $0.frames > 0 }) - began
                    }
                )
            }
            let warm = times.dropFirst().sorted()
            #expect(warm[2] <= .milliseconds(250), "\(times)")
        }
    }

    @Test func `a change of the cluster is on the screen as it happens`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await swarm.withConsole { terminal in
                try await terminal.waitUntilLive()
                #expect(!terminal.screen.text.contains("web"))
                try await LocalSwarm.create("web", replicas: 3, with: client)
                try await terminal.wait(for: "web with all its tasks") { screen in
                    screen.lines.contains { $0.contains("web ") && $0.contains("3/3") }
                }
                #expect(terminal.screen.unknown.isEmpty)
                #expect(terminal.screen.grid.strays == 0)
            }
        }
    }

    // MARK: How little

    @Test func `an idle console writes next to nothing`() async throws {
        let (time, limit) = (10, 60)
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", replicas: 3, with: client)
            try await swarm.withConsole { terminal in
                try await terminal.waitUntilLive()
                try await terminal.wait(for: "running tasks") { $0.text.contains("3/3") }
                let before = terminal.byteCount
                try await ContinuousClock().sleep(for: .seconds(time))
                let written = terminal.byteCount - before
                #expect(written <= time * limit, "\(written) bytes in \(time) s")
                #expect(terminal.screen.isLive)
            }
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: Self.strace)))
    func `a frame is one write, and nothing is written but frames`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            let log = swarm.folder.appending(path: "writes")
            let strace = [Self.strace, "-f", "-qq", "-y", "-s", "16", "-e", "trace=write,writev"]
            try await swarm.withConsole(under: strace + ["-o", log.path]) { terminal in
                try await terminal.wait(for: "first frame") { $0.frames > 0 }
                let before = terminal.screen.outsideFrames
                try await terminal.waitUntilLive()
                for number in 1...3 { try await LocalSwarm.create("web-\(number)", with: client) }
                try await terminal.wait(for: "the services") { $0.text.contains("web-3") }
                for key in ["j", "k", "1", "2", "?", "?", Self.redraw] {
                    let frames = terminal.screen.frames
                    terminal.type(key)
                    try await terminal.wait(for: "a frame after \(key)") { $0.frames > frames }
                }
                let screen = terminal.screen
                #expect(screen.outsideFrames == before)
                terminal.type("q")
                let end = try await terminal.end()
                #expect(end == .exited(0))

                let writes = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
                    .filter { $0.contains("<\(terminal.name)>") && !$0.contains("resumed>") }
                let frames = writes.filter { $0.contains(#""\33[?2026h"#) }
                #expect(frames.count == terminal.screen.frames)
                // Before the first frame pastes are asked to be marked; at the end the terminal is given back.
                let last = try #require(writes.lastIndex { $0.contains(#""\33[?2026h"#) })
                let first = try #require(writes.firstIndex { $0.contains(#""\33[?2026h"#) })
                #expect(writes[first...last].count == frames.count)
                #expect(first <= 1)
                #expect(writes.count - last <= 3)
            }
        }
    }

    // MARK: What it leaves behind

    @Test(arguments: Farewell.allCases)
    func `the terminal is given back as it was`(farewell: Farewell) async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            try await PseudoTerminal.with { terminal in
                try await self.leave(terminal, swarm.socket, farewell)
            }
        }
    }

    private func leave(_ terminal: PseudoTerminal, _ socket: String, _ farewell: Farewell) async throws {
        terminal.makeUnusual()
        let before = try terminal.modes
        try terminal.startConsole(LocalSwarm.console, socket: socket)
        try await terminal.waitUntilLive()
        let during = (screen: terminal.screen, modes: try terminal.modes)
        #expect(during.screen.isAlternate)
        #expect(!during.screen.cursorShown)
        #expect(during.screen.marksPastes)
        #expect(!during.modes.editsLines)

        farewell.say(to: terminal)
        let end = try await terminal.end()
        #expect(end == farewell.end)
        try await terminal.wait(for: "the operator's screen") { !$0.isAlternate }
        try await terminal.wait(for: "the cursor") { $0.cursorShown && !$0.marksPastes && !$0.isInFrame }
        let after = try terminal.modes
        #expect(after == before)
    }

    @Test func `a signal that comes as soon as the terminal is taken finds somebody who gives it back`()
        async throws
    {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            for _ in 0..<10 {
                try await PseudoTerminal.with { terminal in
                    terminal.makeUnusual()
                    let before = try terminal.modes
                    try terminal.startConsole(LocalSwarm.console, socket: swarm.socket)
                    let deadline = ContinuousClock.now + .seconds(10)
                    while try terminal.modes.editsLines, .now < deadline { await Task.yield() }
                    terminal.signal(SIGTERM)
                    let end = try await terminal.end()
                    #expect(end == .exited(128 + SIGTERM))
                    let after = try terminal.modes
                    #expect(after == before)
                    try await terminal.wait(for: "the operator's screen") { !$0.isAlternate }
                }
            }
        }
    }

    @Test func `a console whose terminal vanishes ends`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            try await swarm.withConsole { terminal in
                try await terminal.waitUntilLive()
                terminal.hangUp()
                let end = try await terminal.end()
                #expect([.exited(1), .exited(128 + SIGHUP)].contains(end))
            }
        }
    }

    @Test func `a suspended console lends the terminal to the shell and takes it again`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            try await swarm.withConsole { terminal in
                try await terminal.waitUntilLive()
                let live = terminal.screen.lines
                terminal.type(Self.suspend)
                try await terminal.wait(for: "the operator's screen") { !$0.isAlternate && $0.cursorShown }
                try await swarm.waitUntil("the operator's modes", within: 10) {
                    try terminal.modes.editsLines
                }
                // Before that, there is nothing to continue: a shell would not say so either.
                try await swarm.waitUntil("the console's stop", within: 10) { terminal.isStopped }
                terminal.signal(SIGCONT)
                try await terminal.wait(for: "the console again") { $0.isAlternate && $0.lines == live }
                #expect(!terminal.screen.cursorShown)
                let modes = try terminal.modes
                #expect(!modes.editsLines)
                terminal.type("q")
                let end = try await terminal.end()
                #expect(end == .exited(0))
            }
        }
    }

    // MARK: What it bears

    @Test(arguments: [(80, 24), (131, 43), (10, 3), (300, 100)])
    func `a storm of resizes ends in an exact picture`(columns: Int, rows: Int) async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", with: client)
            try await swarm.withConsole { terminal in
                try await terminal.waitUntilLive()
                var dice = SeededGenerator(seed: UInt64(columns))
                for _ in 0..<50 {
                    let columns = Int.random(in: 10...300, using: &dice)
                    terminal.resize(columns: columns, rows: Int.random(in: 3...100, using: &dice))
                    let pause = Duration.milliseconds(Int.random(in: 0...20, using: &dice))
                    try await ContinuousClock().sleep(for: pause)
                }
                terminal.resize(columns: columns, rows: rows)
                try await terminal.wait(for: "a picture of \(columns)x\(rows)") { screen in
                    guard rows >= 15 else { return screen.lines[0].hasPrefix("OK 1/1") }
                    return screen.isLive && screen.lines[rows - 1].contains("q:quit")
                }
                try await self.expectExactPicture(terminal)
                terminal.type("q")
                let end = try await terminal.end()
                #expect(end == .exited(0))
            }
        }
    }

    /// What many differences drew is what one whole picture draws, and nothing was meant for beyond it.
    private func expectExactPicture(_ terminal: PseudoTerminal) async throws {
        // Ages in the list may grow between the two pictures.
        try await ContinuousClock().sleep(for: .milliseconds(300))
        for _ in 0..<5 {
            let drawn = terminal.screen
            terminal.type(Self.redraw)
            try await terminal.wait(for: "another picture") { $0.frames > drawn.frames && !$0.isInFrame }
            let redrawn = terminal.screen
            #expect(drawn.grid.strays == 0)
            #expect(redrawn.grid.strays == 0)
            #expect(drawn.unknown.isEmpty)
            if drawn.grid.cells == redrawn.grid.cells { return }
        }
        Issue.record("a whole picture differs:\n\(terminal.screen.text)")
    }

    @Test(arguments: [10, 60])
    func `a key whose sequence comes in pieces is never typed letters`(gap: Int) async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            try await LocalSwarm.create("web", with: client)
            try await swarm.withConsole { terminal in
                try await terminal.waitUntilLive()
                try await terminal.wait(for: "the service") { $0.text.contains("web") }
                let sequences: [(page: String, pieces: [String])] = [
                    ("2", ["\u{1B}", "O", "S"]), ("2", ["\u{1B}", "[", "B"]), ("1", ["\u{1B}", "[", "D"]),
                    ("1", ["\u{1B}", "[1;", "5D"]), (":", ["\u{1B}", "[", "B"]), ("/", ["\u{1B}", "[", "B"]),
                ]
                for (page, pieces) in sequences {
                    terminal.type(page)
                    for piece in pieces {
                        try await ContinuousClock().sleep(for: .milliseconds(gap))
                        terminal.type(piece)
                    }
                    // Ctrl-U and Backspace leave a field of text, and harm nothing elsewhere.
                    terminal.type("\u{15}\u{7F}")
                }
                func asks(_ screen: TerminalScreen) -> Bool {
                    screen.text.contains("Scale web") || screen.text.contains("Drain manager")
                }
                func types(_ screen: TerminalScreen) -> Bool {
                    screen.lines[2].contains("/[") || screen.lines[23].contains("[")
                }
                terminal.type("1")
                try await terminal.wait(for: "the nodes") { $0.lines[2].contains("[1Nodes]") }
                #expect(terminal.moment(when: asks) == nil)
                #expect(terminal.moment(when: types) == nil)
                // The same letters typed do ask, so the absence above means something.
                terminal.type("D")
                try await terminal.wait(for: "a question", until: asks)
            }
        }
    }
}
