import BenchSupport
import Foundation
import TerminalTesting

/// swarmtop beside a large and restless cluster: 10,000 tasks on 1,000 nodes with 1,000 changes a second.
enum ConsoleScale {
    private static let keyPause: Duration = .milliseconds(500)
    /// What the first listing and the first frames take is not counted as growth.
    private static let warmUp: Duration = .seconds(10)

    static func run(minutes: Double) async throws -> [Finding] {
        try await ScratchFolder.with("swarm-bench-scale") { folder in
            let socket = folder.url.appending(path: "swarmd.sock").path
            let manager = ScaleManager()
            return try await manager.serve(at: socket) {
                try await PseudoTerminal.with(columns: 120, rows: 40) { terminal in
                    try terminal.startConsole(ConsoleSpeed.program, socket: socket)
                    try await terminal.wait(for: "LIVE", within: .seconds(60)) { $0.isLive }
                    return try await Self.measure(terminal, manager, minutes: minutes)
                }
            }
        }
    }

    private static func measure(
        _ terminal: PseudoTerminal,
        _ manager: ScaleManager,
        minutes: Double
    ) async throws -> [Finding] {
        guard let child = terminal.child else { return [] }
        terminal.type("1")
        try await Task.sleep(for: Self.warmUp)
        let use = ProcessUse(pid: child)
        let began = ContinuousClock.now
        let before = (
            rss: use.resident, time: use.processorTime, frames: terminal.screen.frames, events: manager.sent
        )
        let half = Duration.seconds(minutes * 30)
        // Down a list of which the rows are known, so that a key that is lost is seen.
        let (nodeTimes, downs) = try await Self.press(terminal, "\u{1B}[B", until: began + half)
        terminal.type("3")
        let (taskTimes, others) = try await Self.press(terminal, "\u{1B}[B", until: began + half * 2)
        let seconds = (ContinuousClock.now - began).milliseconds / 1_000
        let after = (rss: use.resident, time: use.processorTime, frames: terminal.screen.frames)
        let lost = try await Self.lostKeys(terminal, downs)
        let keys = downs + others + 1
        let times = nodeTimes + taskTimes
        return [
            .figure("console-scale-seconds", seconds, unit: "s"),
            .figure("console-scale-events", Double(manager.sent - before.events) / seconds, unit: "/s"),
            .bar("console-scale-rss", after.rss, unit: "MiB", most: 64),
            .bar("console-scale-rss-growth", after.rss - before.rss, unit: "MiB", most: 4),
            .bar("console-scale-cpu", (after.time - before.time) / seconds * 100, unit: "%", most: 25),
            .bar(
                "console-scale-frames",
                Double(after.frames - before.frames - keys) / seconds,
                unit: "/s",
                most: 10
            ),
            .bar("console-scale-keys-lost", lost, unit: "", most: 0),
            .figure("console-scale-key-p50", times.percentile(0.5), unit: "ms"),
            .figure("console-scale-key-p95", times.percentile(0.95), unit: "ms"),
        ]
    }

    /// Presses the key again and again until `deadline`; returns the times to the next frame, and how often.
    private static func press(
        _ terminal: PseudoTerminal,
        _ key: String,
        until deadline: ContinuousClock.Instant
    ) async throws -> (times: Samples, count: Int) {
        var times: [Double] = []
        var count = 0
        while ContinuousClock.now < deadline, count < ScaleManager.nodes - 1 {
            try await Task.sleep(for: Self.keyPause)
            let frames = terminal.screen.frames
            let began = ContinuousClock.now
            terminal.type(key)
            count += 1
            try await terminal.wait(for: "frame") { $0.frames > frames }
            times.append((ContinuousClock.now - began).milliseconds)
        }
        return (Samples(times), count)
    }

    /// How far the selection is from where so many keys bring it; NaN where no row is selected.
    private static func lostKeys(_ terminal: PseudoTerminal, _ downs: Int) async throws -> Double {
        terminal.type("1")
        try await terminal.wait(for: "the nodes") {
            $0.text.contains("[1 Nodes]") || $0.text.contains("[1Nodes]")
        }
        try await Task.sleep(for: .seconds(1))
        let row = terminal.screen.lines.first { $0.hasPrefix(">") }
        let digits = row?.split(separator: " ").lazy.compactMap { word -> Int? in
            word.hasPrefix("node-") ? Int(word.dropFirst("node-".count)) : nil
        }.first
        return digits.map { Double(downs - $0) } ?? .nan
    }
}
