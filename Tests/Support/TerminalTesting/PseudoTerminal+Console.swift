import Glibc

extension PseudoTerminal {
    /// Starts swarmtop at `path` on the manager's socket, and returns the moment before.
    ///
    /// `arguments` and `extra` variables are its own. `wrapper` is a command that starts another one, as strace does. Of our own environment only what
    /// finds libraries and programs is handed on, so that the picture is the same on every machine.
    @discardableResult
    package func startConsole(
        _ path: String,
        socket: String,
        under wrapper: [String] = [],
        arguments: [String] = [],
        type: String = "xterm-256color",
        environment extra: [String: String] = [:]
    ) throws -> ContinuousClock.Instant {
        var environment = ["TERM": type, "LC_ALL": "C.UTF-8", "SWARM_SOCKET": socket]
        for name in ["PATH", "LD_LIBRARY_PATH"] {
            environment[name] = getenv(name).map { String(cString: $0) }
        }
        environment.merge(extra) { $1 }
        return try self.start(wrapper + [path] + arguments, environment: environment)
    }

    /// All that was written, as text.
    package var transcript: String {
        String(decoding: self.chunks.flatMap(\.bytes), as: UTF8.self)
    }

    /// Waits until `words` were written, wherever on the screen.
    package func waitForText(_ words: String, within limit: Duration = .seconds(15)) async throws {
        try await self.wait(for: words, within: limit) { _ in self.transcript.contains(words) }
    }

    /// Waits until swarmtop shows the cluster as it is.
    package func waitUntilLive() async throws { try await self.wait(for: "LIVE") { $0.isLive } }
}

extension TerminalScreen {
    /// swarmtop says at its right edge that it is connected.
    package var isLive: Bool {
        let first = self.lines[0]
        return first.hasSuffix("LIVE") && first.count == self.grid.columns
    }
}
