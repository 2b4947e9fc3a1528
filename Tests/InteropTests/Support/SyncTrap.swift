import Foundation
import Glibc
import Synchronization

/// A program under strace that stops at each of its syncs and renames, and is killed at one of them.
///
/// strace counts `when=` for each thread by itself, and a log's writes move between threads. So each call
/// stops the whole program instead: the injected SIGSTOP takes effect when the call is done and before its
/// caller hears of it. Here all calls are counted, and the program is let go on, or killed.
final class SyncTrap: Sendable {
    /// How a run went.
    struct Outcome: Sendable {
        /// The syncs and renames that were made, as strace shows them.
        var calls: [String] = []
        /// What strace shows of renames, also where another thread's call came in between.
        var renames: [String] = []
        /// Whether the program was killed at the one asked for.
        var isKilled = false
    }

    static let strace = "/usr/bin/strace"
    private static let calls = ["fdatasync", "fsync", "rename"]

    private let process = Process()
    private let pidFile: URL
    private let victim: Int?
    private let outcome = Mutex(Outcome())

    /// Starts `line`, whose streams go to `log`, to be killed at call `victim`; at none if that is nil.
    private init(_ line: [String], killAt victim: Int?, log: URL) throws {
        self.victim = victim
        self.pidFile = log.appendingPathExtension("pid")
        let calls = Self.calls.joined(separator: ",")
        self.process.executableURL = URL(filePath: Self.strace)
        self.process.arguments =
            ["-f", "-qq", "-y", "-e", "signal=none", "-e", "trace=\(calls)", "-e"]
            + ["inject=\(calls):signal=SIGSTOP", "--"]
            // The program's own process says its number, and strace keeps its standard error for itself.
            + ["/bin/sh", "-c", #"echo $$ >"$0.pid"; exec "$@" >>"$0" 2>&1"#, log.path] + line
        let lines = Pipe()
        self.process.standardError = lines
        self.process.standardInput = FileHandle.nullDevice
        try self.process.run()
        let reading = lines.fileHandleForReading
        Thread.detachNewThread { [self] in self.follow(reading) }
    }

    /// Runs `body` beside the program; when the program ends, `body` is cancelled, and the other way round.
    static func run(
        _ line: [String],
        killAt victim: Int?,
        log: URL,
        _ body: @escaping @Sendable (_ stop: @Sendable () -> Void) async throws -> Void
    ) async throws -> Outcome {
        let trap = try SyncTrap(line, killAt: victim, log: log)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await trap.end() }
            group.addTask {
                // What a killed program leaves unanswered is what this is about.
                try? await body { trap.send(SIGTERM) }
                await trap.end()
            }
            await group.next()
            group.cancelAll()
        }
        trap.send(SIGKILL)
        trap.process.waitUntilExit()
        return trap.outcome.withLock { $0 }
    }

    private func end() async {
        let deadline = ContinuousClock.now + .seconds(30)
        while self.process.isRunning, !Task.isCancelled, .now < deadline {
            try? await ContinuousClock().sleep(for: .milliseconds(5))
        }
    }

    private func send(_ signal: Int32) {
        guard let text = try? String(contentsOf: self.pidFile, encoding: .utf8),
            let program = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return }
        // The number stays the program's until strace, its parent, has ended.
        if self.process.isRunning { kill(program, signal) }
    }

    /// Reads what strace says until it ends.
    private func follow(_ reading: FileHandle) {
        var rest = Data()
        while true {
            let bytes = reading.availableData
            if bytes.isEmpty { return }
            rest += bytes
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                self.take(String(decoding: rest[..<end], as: UTF8.self))
                rest = Data(rest[(end + 1)...])
            }
        }
    }

    private func take(_ line: String) {
        if line.contains("rename(") { self.outcome.withLock { $0.renames.append(line) } }
        // The end of a call, whether it is told in one line or two.
        guard line.contains(" = "), Self.calls.contains(where: line.contains) else { return }
        let isVictim = self.outcome.withLock { outcome in
            guard !outcome.isKilled else { return true }
            outcome.calls.append(line)
            outcome.isKilled = outcome.calls.count == self.victim
            return outcome.isKilled
        }
        self.send(isVictim ? SIGKILL : SIGCONT)
    }
}
