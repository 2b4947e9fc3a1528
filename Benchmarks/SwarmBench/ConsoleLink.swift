import BenchSupport
import Foundation
import TerminalTesting

/// swarmtop over a slow link, and how many writes a frame is.
enum ConsoleLink {
    private static let bytesPerSecond = 1_000
    private static let keys = 12
    private static let strace = "/usr/bin/strace"

    /// From a cursor key to its whole frame, where the other end reads 1 kB a second.
    static func run(_ socket: String) async throws -> [Finding] {
        try await PseudoTerminal.with { terminal in
            try terminal.startConsole(ConsoleSpeed.program, socket: socket)
            try await terminal.waitUntilLive()
            terminal.throttle(bytesPerSecond: Self.bytesPerSecond)
            var times: [Double] = []
            for number in 0..<Self.keys {
                try await Task.sleep(for: .seconds(1))
                let frames = terminal.screen.frames
                let began = ContinuousClock.now
                terminal.type(number < Self.keys / 2 ? "\u{1B}[B" : "\u{1B}[A")
                try await terminal.wait(for: "frame") { $0.frames > frames }
                times.append((ContinuousClock.now - began).milliseconds)
            }
            let samples = Samples(times)
            return [
                .figure("console-1kB/s-key-p50", samples.percentile(0.5), unit: "ms"),
                .bar("console-1kB/s-key-max", samples.percentile(1), unit: "ms", most: 400),
            ]
        }
    }

    /// How many writes to the terminal there are for each frame; nothing where strace is missing.
    static func writes(_ socket: String) async throws -> [Finding] {
        guard FileManager.default.isExecutableFile(atPath: Self.strace) else { return [] }
        let log = FileManager.default.temporaryDirectory.appending(path: "swarm-bench-writes-\(getpid())")
        defer { try? FileManager.default.removeItem(at: log) }
        return try await PseudoTerminal.with { terminal in
            let wrapper = [
                Self.strace, "-f", "-qq", "-y", "-s", "16", "-e", "trace=write,writev", "-o", log.path,
            ]
            try terminal.startConsole(ConsoleSpeed.program, socket: socket, under: wrapper)
            try await terminal.waitUntilLive()
            for key in ["j", "k", "1", "2", "3", "2"] {
                let frames = terminal.screen.frames
                terminal.type(key)
                try await terminal.wait(for: "frame") { $0.frames > frames }
            }
            terminal.type("q")
            _ = try await terminal.end()
            let mark = #""\33[?2026h"#
            let writes = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
                .filter { $0.contains("<\(terminal.name)>") && !$0.contains("resumed>") }
            guard let first = writes.firstIndex(where: { $0.contains(mark) }),
                let last = writes.lastIndex(where: { $0.contains(mark) })
            else { return [.bar("console-writes-per-frame", .nan, unit: "", most: 1)] }
            let ratio = Double(writes[first...last].count) / Double(terminal.screen.frames)
            return [.bar("console-writes-per-frame", ratio, unit: "", most: 1)]
        }
    }
}
