import Glibc
import TerminalTesting
import Testing

/// The screen by which swarmtop is judged, judged itself.
@Suite struct TerminalScreenTests {
    /// A screen of 10x4 that read `text`, in which `^` stands for ESC.
    private func screen(_ text: String) -> TerminalScreen {
        var screen = TerminalScreen(columns: 10, rows: 4)
        screen.feed(text.map { $0 == "^" ? "\u{1B}" : $0 }.map(String.init).joined().utf8)
        return screen
    }

    @Test func `text goes where the cursor was put`() {
        let screen = self.screen("^[2;3Hab^[4dc^[1Gd^[Htop")
        #expect(screen.lines == ["top", "  ab", "", "d   c"])
        #expect(screen.grid.row == 0)
        #expect(screen.grid.column == 3)
        #expect(screen.unknown.isEmpty)
    }

    @Test func `the cursor moves by steps, and tabs go to every eighth column`() {
        let screen = self.screen("^[2B^[3Ca^[A^[Db\r\t!^[Z?")
        #expect(screen.lines == ["", "   b    ?", "   a", ""])
        #expect(screen.unknown.isEmpty)
    }

    @Test func `the last column keeps the cursor until the next character`() {
        let full = self.screen("0123456789")
        #expect(full.grid.row == 0)
        #expect(self.screen("0123456789\rX").lines[0] == "X123456789")
        #expect(self.screen("0123456789ab").lines[...1] == ["0123456789", "ab"])
    }

    @Test func `what is erased is blank`() {
        #expect(self.screen("0123456789^[1;4H^[K").lines[0] == "012")
        #expect(self.screen("0123456789^[1;4H^[1K").lines[0] == "    456789")
        #expect(self.screen("0123456789^[1;4H^[2X").lines[0] == "012  56789")
        #expect(self.screen("a\r\nb\r\nc^[2;1H^[J").lines == ["a", "", "", ""])
        #expect(self.screen("a\r\nb^[H^[2J").lines == ["", "", "", ""])
    }

    @Test func `characters are inserted, removed and repeated`() {
        #expect(self.screen("012345^[1;3H^[2@").lines[0] == "01  2345")
        #expect(self.screen("012345^[1;3H^[2P").lines[0] == "0145")
        #expect(self.screen("012345^[1;3H^[4hx^[4l").lines[0] == "01x2345")
        #expect(self.screen("-^[4b|").lines[0] == "-----|")
    }

    @Test func `lines are inserted, removed and scrolled within their region`() {
        #expect(self.screen("a\r\nb\r\nc\r\nd^[2;1H^[L").lines == ["a", "", "b", "c"])
        #expect(self.screen("a\r\nb\r\nc\r\nd^[2;1H^[M").lines == ["a", "c", "d", ""])
        #expect(self.screen("a\r\nb\r\nc\r\nd^[2;3r^[3;1H\n").lines == ["a", "c", "", "d"])
        #expect(self.screen("a\r\nb\r\nc\r\nd^[2;3r^[2;1H^M").lines == ["a", "", "b", "d"])
        #expect(self.screen("a\r\nb\r\nc\r\nd^[S").lines == ["b", "c", "d", ""])
    }

    @Test func `a character looks as it was told to`() {
        let cells = self.screen("^[0;1mB^[7;31mR^(B^[m.").grid.cells[0]
        #expect(cells.prefix(3).map(\.character) == ["B", "R", "."])
        #expect(cells.prefix(3).map(\.look.reversed) == [false, true, false])
        #expect(Set(cells.prefix(3).map(\.look)).count == 3)
    }

    @Test func `characters of more than one byte may come in pieces`() {
        var screen = TerminalScreen(columns: 10, rows: 1)
        for byte in "a→│b".utf8 { screen.feed([byte]) }
        #expect(screen.lines == ["a→│b"])
    }

    @Test func `the alternate screen leaves the operator's as it was`() {
        var screen = self.screen("mine^[?1049hover")
        #expect(screen.isAlternate)
        #expect(screen.lines[0] == "    over")
        screen.feed("\u{1B}[?1049l".utf8)
        #expect(!screen.isAlternate)
        #expect(screen.lines[0] == "mine")
    }

    @Test func `frames are counted, and what comes between them`() {
        let screen = self.screen("^[?2004h^[?2026hab^[H^[?2026lx^[?2026h^[?2026l")
        #expect(screen.frames == 2)
        #expect(screen.outsideFrames == 2)
        #expect(self.screen("^[?2026hab").frames == 0)
    }

    @Test func `what was meant for a larger screen is noticed until the screen is cleared`() {
        #expect(self.screen("^[5;1Hx").grid.strays == 1)
        #expect(self.screen("^[1;11Hx").grid.strays == 1)
        #expect(self.screen("^[4;1H0123456789x").grid.strays == 1)
        #expect(self.screen("^[5;1Hx^[H^[2J").grid.strays == 0)
        #expect(self.screen("^[4;10Hx").grid.strays == 0)
    }

    @Test func `a sequence that the screen does not know is told`() {
        #expect(self.screen("^[5z^[?99h").unknown == ["ESC [ 5z", "ESC [ ?99h"])
    }

    @Test func `a program has the terminal for its own, and its size`() async throws {
        try await PseudoTerminal.with(columns: 40, rows: 5) { terminal in
            let before = try terminal.modes
            #expect(before.editsLines)
            try terminal.start(
                ["/bin/sh", "-c", "stty size; read word < /dev/tty; echo got $word; exit 3"],
                environment: ["PATH": "/usr/bin:/bin"]
            )
            try await terminal.wait(for: "the size") { $0.lines[0] == "5 40" }
            terminal.type("word\r")
            try await terminal.wait(for: "the answer") { $0.text.contains("got word") }
            #expect(try await terminal.end() == .exited(3))
            #expect(try terminal.modes == before)
        }
    }

    @Test func `a program whose terminal is closed is told`() async throws {
        try await PseudoTerminal.with { terminal in
            try terminal.start(
                ["/bin/sh", "-c", "echo here; exec sleep 60"],
                environment: ["PATH": "/usr/bin:/bin"]
            )
            try await terminal.wait(for: "the start") { $0.text.contains("here") }
            terminal.hangUp()
            #expect(try await terminal.end() == .signalled(SIGHUP))
        }
    }
}
