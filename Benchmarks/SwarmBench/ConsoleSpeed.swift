import BenchSupport
import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import TerminalTesting

/// swarmtop on a terminal of 80x24: how soon it shows something, and what it writes and keeps.
///
/// The limit beside the first frame is /bin/true, started on the same kind of terminal.
enum ConsoleSpeed {
    private static let starts = 20
    private static let services = 12
    private static let idleSeconds = 10
    /// Long enough for what followed from the event before to be on the screen.
    private static let eventRest: Duration = .milliseconds(600)
    /// Longer than the least time between two frames that no key asked for.
    private static let keyRest: Duration = .milliseconds(150)

    static func run() async throws -> [Finding] {
        try await TestCluster.with(executor: "simulated") { client, socket in
            let truth = try await Self.spawnTrue()
            let (painted, live) = try await Self.start(socket)
            let running = try await PseudoTerminal.with { terminal in
                try terminal.startConsole(Self.program, socket: socket)
                try await terminal.waitUntilLive()
                let events = try await Self.eventToPaint(terminal, client)
                let keys = try await Self.keys(terminal)
                return try events + keys + (await Self.idle(terminal)) + Self.memory(terminal)
            }
            return [
                .figure("console-spawn-true-p50", truth.percentile(0.5), unit: "ms"),
                .figure("console-first-paint-p50", painted.percentile(0.5), unit: "ms"),
                .figure("console-first-paint-max", painted.percentile(1), unit: "ms"),
                .ratio(
                    "console-first-paint-over-spawn-true",
                    painted.percentile(0.5) / truth.percentile(0.5)
                ),
                .figure("console-live-p50", live.percentile(0.5), unit: "ms"),
                .figure("console-live-max", live.percentile(1), unit: "ms"),
            ] + running
        }
    }

    private static var program: String { Products.swarmtop.path }

    private static func spawnTrue() async throws -> Samples {
        try await PseudoTerminal.with { terminal in
            var times: [Double] = []
            for _ in 0..<Self.starts {
                let began = try terminal.start(["/bin/true"], environment: [:])
                times.append((try terminal.blockUntilEnd() - began).milliseconds)
            }
            return Samples(times)
        }
    }

    /// Times from the start to the first frame, and to the first that shows the cluster.
    private static func start(_ socket: String) async throws -> (painted: Samples, live: Samples) {
        var painted: [Double] = []
        var live: [Double] = []
        for _ in 0..<Self.starts {
            try await PseudoTerminal.with { terminal in
                let began = try terminal.startConsole(Self.program, socket: socket)
                try await terminal.waitUntilLive()
                painted += Self.times(from: began, [terminal.moment { $0.frames > 0 }])
                live += Self.times(from: began, [terminal.moment { $0.isLive }])
                terminal.type("q")
                _ = try await terminal.end()
            }
        }
        return (Samples(painted), Samples(live))
    }

    /// From the call that creates a service to the frame that shows it.
    private static func eventToPaint(
        _ terminal: PseudoTerminal,
        _ client: ControlClient
    ) async throws -> [Finding] {
        var times: [Double] = []
        for number in 0..<Self.services {
            try await Task.sleep(for: Self.eventRest)
            // Of equal length, so that none is found in another.
            let name = "bench-\(100 + number)"
            let spec = SwarmServiceSpec.with {
                $0.annotations.name = name
                $0.replicated.replicas = 1
                $0.task.container.image = "host"
            }
            let began = ContinuousClock.now
            _ = try await client.control.createService(.with { $0.spec = spec })
            try await terminal.wait(for: name) { $0.text.contains(name) }
            times += Self.times(from: began, [terminal.moment { $0.text.contains(name) }])
        }
        let samples = Samples(times)
        return [
            .figure("console-event-to-paint-p50", samples.percentile(0.5), unit: "ms"),
            .figure("console-event-to-paint-max", samples.percentile(1), unit: "ms"),
        ]
    }

    /// What moving the selection costs: bytes, and time until they are there.
    private static func keys(_ terminal: PseudoTerminal) async throws -> [Finding] {
        var times: [Double] = []
        var bytes: [Double] = []
        for number in 0..<(4 * Self.services) {
            try await Task.sleep(for: Self.keyRest)
            let before = (frames: terminal.screen.frames, bytes: terminal.byteCount)
            let began = ContinuousClock.now
            terminal.type(number / (Self.services - 1) % 2 == 0 ? "\u{1B}[B" : "\u{1B}[A")
            try await terminal.wait(for: "frame") { $0.frames > before.frames }
            times += Self.times(from: began, [terminal.moment { $0.frames > before.frames }])
            bytes.append(Double(terminal.byteCount - before.bytes))
        }
        let (time, size) = (Samples(times), Samples(bytes))
        return [
            .figure("console-key-p50", time.percentile(0.5), unit: "ms"),
            .figure("console-key-p95", time.percentile(0.95), unit: "ms"),
            .figure("console-key-bytes-p50", size.percentile(0.5), unit: "B"),
            .figure("console-key-bytes-max", size.percentile(1), unit: "B"),
        ]
    }

    private static func idle(_ terminal: PseudoTerminal) async throws -> [Finding] {
        let before = terminal.byteCount
        try await Task.sleep(for: .seconds(Self.idleSeconds))
        let written = Double(terminal.byteCount - before)
        return [.figure("console-idle-bytes", written / Double(Self.idleSeconds), unit: "B/s")]
    }

    /// The resident memory, and what of it is swarmtop's own.
    private static func memory(_ terminal: PseudoTerminal) throws -> [Finding] {
        guard let child = terminal.child else { return [] }
        let text = try String(contentsOfFile: "/proc/\(child)/smaps_rollup", encoding: .utf8)
        return [("Rss:", "console-rss"), ("Anonymous:", "console-anonymous")].compactMap { field, name in
            let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
            let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
            return kilobytes.map { .figure(name, $0 / 1_024, unit: "MiB") }
        }
    }

    private static func times(
        from began: ContinuousClock.Instant,
        _ moments: [ContinuousClock.Instant?]
    ) -> [Double] {
        moments.compactMap { $0 }.map { ($0 - began).milliseconds }
    }
}
