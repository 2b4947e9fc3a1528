import BenchSupport
import Foundation
import Glibc
import Testing

/// A tmux server of our own with swarmtop in its one pane.
struct TmuxTerminal {
    let swarm: LocalSwarm

    private var server: [String] { ["-S", self.swarm.folder.appending(path: "tmux").path] }

    /// Starts the console on the manager `name`.
    func open(columns: Int = 80, rows: Int = 24, of name: String = "manager") throws {
        let console = Products.swarmtop.path
        let command = "SWARM_SOCKET=\(self.swarm.socket(of: name)) LC_ALL=C.UTF-8 \(console)"
        let size = ["-x", "\(columns)", "-y", "\(rows)"]
        try self.tmux(["-f", "/dev/null", "new-session", "-d"] + size + [command])
    }

    /// Types keys by tmux's names, or texts.
    func type(_ keys: String...) throws { try self.tmux(["send-keys", "-t", "0"] + keys) }

    /// Gives the terminal another size.
    func resize(columns: Int, rows: Int) throws {
        try self.tmux(["resize-window", "-t", "0", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// What stands on the screen.
    func screen() throws -> String { try self.tmux(["capture-pane", "-p", "-t", "0"]) }

    /// Ends the server and the console.
    func close() {
        // The server inherits which signals are blocked here, so that the SIGTERM of `kill-server` would never reach it.
        let ids = (try? self.tmux(["display-message", "-p", "-t", "0", "#{pane_pid} #{pid}"])) ?? ""
        for id in ids.split(whereSeparator: \.isWhitespace).compactMap({ pid_t($0) }) { kill(id, SIGKILL) }
    }

    /// Waits until all of `texts` stand on the screen.
    func waitFor(_ texts: String..., within seconds: Int = 15) async throws {
        _ = try await self.screen(with: texts, within: seconds)
    }

    /// The first screen on which all of `texts` stand.
    func screen(with texts: [String], within seconds: Int = 15) async throws -> String {
        var found = ""
        try await self.wait("\(texts) on the screen", within: seconds) { screen in
            found = screen
            return texts.allSatisfy(screen.contains)
        }
        return found
    }

    /// Waits until `text` does not stand on the screen any more.
    func waitForEnd(of text: String, within seconds: Int = 15) async throws {
        try await self.wait("'\(text)' is gone", within: seconds) { !$0.contains(text) }
    }

    /// Waits until the screen is such that `holds`.
    func wait(_ what: String, within seconds: Int = 15, _ holds: (String) -> Bool) async throws {
        do {
            try await self.swarm.waitUntil(what, within: seconds) { holds(try self.screen()) }
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
        process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm-256color"]) { $1 }
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
