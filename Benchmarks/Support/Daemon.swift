package import Foundation
import Glibc
import Synchronization

/// A program that runs beside the benchmark, with its output in a file.
package final class Daemon: Sendable {
    private enum State {
        case running
        case ended
    }

    /// How long a daemon may take to end before it is killed.
    private static let patience = Duration.seconds(10)

    /// Its process.
    package let pid: pid_t
    private let log: URL
    private let state = Mutex(State.running)

    /// Starts `command`, whose first word is looked up in PATH if it is no path; output is added to `log`.
    package init(_ command: [String], log: URL) throws {
        self.log = log
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // What this process ignores, because it waits for it otherwise, must reach the daemon.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let words = command.map { strdup($0) }
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, words + [nil], environ)
        guard code == 0 else { throw Failure(command: command, reason: String(cString: strerror(code))) }
        self.pid = pid
    }

    /// A program that could not be started.
    package struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let reason: String

        /// Which, and why.
        package var description: String { "cannot run \(self.command.first ?? ""): \(self.reason)" }
    }

    /// Whether the process is still there.
    package var isRunning: Bool {
        self.state.withLock { state in
            if state == .running, waitpid(self.pid, nil, WNOHANG) != 0 { state = .ended }
            return state == .running
        }
    }

    /// The line in which it says that it trapped, or else the last lines that it wrote.
    package var lastWords: String {
        let text = (try? String(contentsOf: self.log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n")
        if let trap = lines.first(where: { $0.contains("Fatal error") }) { return String(trap) }
        return lines.suffix(10).joined(separator: "\n")
    }

    /// Sends it a signal.
    package func signal(_ number: Int32) { if self.isRunning { kill(self.pid, number) } }

    /// Ends it, and returns when it is gone.
    ///
    /// It blocks its thread: daemons have to end also when the task that started them is cancelled.
    package func end() {
        self.signal(SIGTERM)
        let deadline = ContinuousClock.now + Self.patience
        while self.isRunning {
            if ContinuousClock.now > deadline { self.signal(SIGKILL) }
            usleep(5_000)
        }
    }
}
