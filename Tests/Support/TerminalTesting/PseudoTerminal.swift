import Foundation
package import Glibc
import Synchronization

/// A terminal that no one sits at: one program runs in it, and all that it writes is recorded and drawn.
///
/// The program leads a session of its own and has this terminal as its controlling one, as after a login.
package final class PseudoTerminal: Sendable {
    /// What went wrong with the machine, not with the program.
    package struct Failure: Error { let text: String }

    /// Nothing came of what was waited for.
    package struct TimedOut: Error, CustomStringConvertible {
        let waitingFor: String
        let screen: String

        /// What was waited for, and the picture at the end.
        package var description: String { "no \(self.waitingFor); the screen is\n\(self.screen)" }
    }

    /// How a program ended.
    package enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    private struct State {
        var child: pid_t?
        var end: End?
        var isOpen = true
    }

    /// How often a condition is looked at again.
    private static let pause: Duration = .milliseconds(2)

    /// The device, as the program sees it.
    package let name: String
    private let master: Int32
    /// Kept open as a shell does, so that the modes outlive the program.
    private let slave: Int32
    private let recorder: TerminalRecorder
    private let state = Mutex(State())

    private init(columns: Int, rows: Int) throws {
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        var name = [CChar](repeating: 0, count: 64)
        guard openpty(&ends.master, &ends.slave, &name, nil, &size) == 0 else {
            throw Failure(text: "no pseudo-terminal: \(errno)")
        }
        for end in [ends.master, ends.slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (self.master, self.slave) = ends
        self.name = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.recorder = TerminalRecorder(master: ends.master, columns: columns, rows: rows)
    }

    /// Opens a terminal for `body`; what runs in it afterwards is killed.
    package static func with<Value>(
        columns: Int = 80,
        rows: Int = 24,
        _ body: (PseudoTerminal) async throws -> Value
    ) async throws -> Value {
        let terminal = try PseudoTerminal(columns: columns, rows: rows)
        do {
            let value = try await body(terminal)
            await terminal.finish()
            return value
        } catch {
            await terminal.finish()
            throw error
        }
    }

    private func finish() async {
        self.signal(SIGKILL)
        _ = try? await self.end(within: .seconds(5))
        self.hangUp()
    }

    // MARK: The program

    /// Starts `arguments` and returns the moment before.
    @discardableResult
    package func start(
        _ arguments: [String],
        environment: [String: String]
    ) throws -> ContinuousClock.Instant {
        let began = ContinuousClock.now
        let child = try TerminalProgram.spawn(arguments, environment: environment, on: self.name)
        self.state.withLock {
            $0.child = child
            $0.end = nil
        }
        return began
    }

    /// The program's process, while it runs.
    package var child: pid_t? { self.state.withLock { $0.child } }

    /// Whether the program is stopped, as by SIGTSTP, and waits to be continued.
    package var isStopped: Bool {
        guard let child = self.child,
            let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
            // After the name, which may hold anything.
            let end = status.lastIndex(of: ")")
        else { return false }
        return status[end...].split(separator: " ").dropFirst().first == "T"
    }

    /// Sends a signal to the program.
    package func signal(_ number: Int32) {
        self.state.withLock { state in
            if let child = state.child { kill(child, number) }
        }
    }

    /// Waits for the program's end.
    package func end(within limit: Duration = .seconds(10)) async throws -> End {
        let deadline = ContinuousClock.now + limit
        while true {
            if let end = try self.poll() { return end }
            guard ContinuousClock.now < deadline else {
                throw TimedOut(waitingFor: "end of the program", screen: self.screen.text)
            }
            try await ContinuousClock().sleep(for: Self.pause)
        }
    }

    /// Blocks the thread until the program's end, for those that end by themselves, and returns the moment.
    package func blockUntilEnd() throws -> ContinuousClock.Instant {
        try self.state.withLock { state in
            guard let child = state.child else { throw Failure(text: "no program was started") }
            var status: Int32 = 0
            guard waitpid(child, &status, 0) == child else { throw Failure(text: "no end: \(errno)") }
            let moment = ContinuousClock.now
            (state.child, state.end) = (nil, Self.end(status))
            return moment
        }
    }

    private static func end(_ status: Int32) -> End {
        let number = status & 0x7f
        return number == 0 ? .exited(status >> 8 & 0xff) : .signalled(number)
    }

    private func poll() throws -> End? {
        try self.state.withLock { state in
            if let end = state.end { return end }
            guard let child = state.child else { throw Failure(text: "no program was started") }
            var status: Int32 = 0
            guard waitpid(child, &status, WNOHANG) == child else { return nil }
            (state.child, state.end) = (nil, Self.end(status))
            return state.end
        }
    }

    // MARK: The terminal

    /// Types `text`.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        self.state.withLock { state in
            if state.isOpen { _ = write(self.master, bytes, bytes.count) }
        }
    }

    /// Changes the window's size; the kernel tells the program.
    package func resize(columns: Int, rows: Int) {
        self.state.withLock { state in
            guard state.isOpen else { return }
            self.recorder.resize(columns: columns, rows: rows)
            var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
            _ = ioctl(self.master, UInt(TIOCSWINSZ), &size)
        }
    }

    /// Has the other end of the line read no more than so many bytes a second; nil for all that come.
    package func throttle(bytesPerSecond rate: Int?) { self.recorder.throttle(rate) }

    /// The terminal's modes, to be compared.
    package var modes: TerminalModes {
        get throws {
            var modes = termios()
            guard tcgetattr(self.slave, &modes) == 0 else { throw Failure(text: "no modes: \(errno)") }
            return TerminalModes(modes)
        }
    }

    /// Sets other modes than a new terminal has, so that falling back to those is seen.
    package func makeUnusual() {
        var modes = termios()
        guard tcgetattr(self.slave, &modes) == 0 else { return }
        modes.c_lflag &= ~tcflag_t(ECHOCTL)
        modes.c_iflag |= tcflag_t(IXANY)
        tcsetattr(self.slave, TCSANOW, &modes)
    }

    /// Closes the terminal, as a lost connection does.
    package func hangUp() {
        let wasOpen = self.state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        guard wasOpen else { return }
        close(self.slave)
        self.recorder.stop()
    }

    // MARK: What the program showed

    /// The picture as it is now.
    package var screen: TerminalScreen { self.recorder.screen }

    /// All that was written, with its times.
    package var chunks: [TerminalRecorder.Chunk] { self.recorder.chunks }

    /// How many bytes were written.
    package var byteCount: Int { self.chunks.reduce(0) { $0 + $1.bytes.count } }

    /// Waits until the picture is as wanted.
    package func wait(
        for what: String,
        within limit: Duration = .seconds(15),
        until holds: (TerminalScreen) -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while !holds(self.screen) {
            guard ContinuousClock.now < deadline else {
                throw TimedOut(waitingFor: what, screen: self.screen.text)
            }
            try await ContinuousClock().sleep(for: Self.pause)
        }
    }

    /// The moment at which the picture was first as wanted; nil when it never was.
    ///
    /// For terminals that kept their size.
    package func moment(when holds: (TerminalScreen) -> Bool) -> ContinuousClock.Instant? {
        let now = self.screen
        var screen = TerminalScreen(columns: now.grid.columns, rows: now.grid.rows)
        for chunk in self.chunks {
            screen.feed(chunk.bytes)
            if holds(screen) { return chunk.at }
        }
        return nil
    }
}
