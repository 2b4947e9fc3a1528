import BenchSupport
import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import TerminalTesting

/// swarmtop on a terminal of 80x24 beside 42 services with 322 tasks, each figure with its bar.
///
/// How soon it shows something, and what it writes and keeps.
enum ConsoleSpeed {
    private static let starts = 20
    /// The services that are there before; the rest comes while the console looks on.
    private static let early = 30
    private static let earlyTasks: UInt64 = 310
    private static let services = 12
    private static let idleSeconds = 10
    /// From then on ages are told in minutes, and nothing on the screen changes every second.
    private static let quiet: Duration = .seconds(65)
    private static let ticks = 10
    /// Long enough for what followed from the event before to be on the screen.
    private static let eventRest: Duration = .milliseconds(600)
    /// Longer than the least time between two frames that no key asked for.
    private static let keyRest: Duration = .milliseconds(150)

    static func run() async throws -> [Finding] {
        try await TestCluster.with(executor: "simulated") { client, socket in
            try await Self.fill(client)
            let truth = try await Self.spawnTrue()
            let (painted, live) = try await Self.start(socket)
            let running = try await PseudoTerminal.with { terminal in
                try terminal.startConsole(Self.program, socket: socket)
                try await terminal.waitUntilLive()
                let events = try await Self.eventToPaint(terminal, client)
                let ticks = try await Self.ticks(terminal, client)
                let keys = try await Self.keys(terminal)
                let views = try await Self.views(terminal)
                let idle = try await Self.idle(terminal)
                return events + ticks + keys + views + idle + Self.memory(terminal)
            }
            return try await [
                .figure("console-spawn-true-p50", truth.percentile(0.5), unit: "ms"),
                .bar("console-first-paint-p50", painted.percentile(0.5), unit: "ms", most: 50),
                .figure("console-first-paint-max", painted.percentile(1), unit: "ms"),
                .ratio(
                    "console-first-paint-over-spawn-true",
                    painted.percentile(0.5) / truth.percentile(0.5)
                ),
                .bar("console-live-p50", live.percentile(0.5), unit: "ms", most: 150),
                .figure("console-live-max", live.percentile(1), unit: "ms"),
            ] + running + ConsoleLink.run(socket) + ConsoleLink.writes(socket)
        }
    }

    static var program: String { Products.swarmtop.path }

    private static func fill(_ client: ControlClient) async throws {
        for number in 0..<Self.early {
            let count = UInt64(Self.early)
            let extra: UInt64 = UInt64(number) < Self.earlyTasks % count ? 1 : 0
            let spec = Self.spec("early-\(100 + number)", replicas: Self.earlyTasks / count + extra)
            _ = try await client.control.createService(.with { $0.spec = spec })
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let tasks = try await client.control.listTasks(.init()).tasks
            if tasks.count(where: { $0.status.state == .running }) >= Int(Self.earlyTasks) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private static func spec(_ name: String, replicas: UInt64) -> SwarmServiceSpec {
        .with {
            $0.annotations.name = name
            $0.replicated.replicas = replicas
            $0.task.container.image = "host"
        }
    }

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
            // Of equal length, so that none is found in another; first in the list, so that it is on the screen.
            let name = "bench-\(100 + number)"
            let began = ContinuousClock.now
            let spec = Self.spec(name, replicas: 1)
            _ = try await client.control.createService(.with { $0.spec = spec })
            try await terminal.wait(for: name) { $0.text.contains(name) }
            times += Self.times(from: began, [terminal.moment { $0.text.contains(name) }])
        }
        let samples = Samples(times)
        return [
            .bar("console-event-to-paint-p50", samples.percentile(0.5), unit: "ms", most: 100),
            .figure("console-event-to-paint-max", samples.percentile(1), unit: "ms"),
        ]
    }

    /// What a frame costs that no key asked for, while a service goes up and down by a task.
    private static func ticks(_ terminal: PseudoTerminal, _ client: ControlClient) async throws -> [Finding] {
        let before = terminal.chunks.count
        for number in 0..<Self.ticks {
            let services = try await client.services(.with { $0.names = ["bench-100"] })
            guard var service = services.first else { return [] }
            service.spec.replicated.replicas = number % 2 == 0 ? 2 : 1
            _ = try await client.update(service)
            try await Task.sleep(for: Self.eventRest)
        }
        let sizes = Samples(Self.frameSizes(terminal, from: before))
        return [.bar("console-tick-bytes-p50", sizes.percentile(0.5), unit: "B", most: 300)]
    }

    /// The lengths of the frames that came in after so many reads.
    private static func frameSizes(_ terminal: PseudoTerminal, from first: Int) -> [Double] {
        let bytes = terminal.chunks.dropFirst(first).flatMap(\.bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        return text.components(separatedBy: "\u{1B}[?2026h").dropFirst().map { Double($0.utf8.count + 8) }
    }

    /// What moving the selection costs: bytes, and time until they are there.
    private static func keys(_ terminal: PseudoTerminal) async throws -> [Finding] {
        let keys = (0..<(4 * Self.services)).map {
            $0 / (Self.services - 1) % 2 == 0 ? "\u{1B}[B" : "\u{1B}[A"
        }
        let (time, size) = try await Self.press(keys, terminal)
        return [
            .figure("console-key-p50", time.percentile(0.5), unit: "ms"),
            .bar("console-key-p95", time.percentile(0.95), unit: "ms", most: 10),
            .bar("console-key-bytes-p50", size.percentile(0.5), unit: "B", most: 250),
            .figure("console-key-bytes-max", size.percentile(1), unit: "B"),
        ]
    }

    private static func views(_ terminal: PseudoTerminal) async throws -> [Finding] {
        let keys = (0..<12).map { ["1", "3", "4", "2"][$0 % 4] }
        let (time, size) = try await Self.press(keys, terminal)
        return [
            .figure("console-view-switch-p50", time.percentile(0.5), unit: "ms"),
            .bar("console-view-switch-bytes-max", size.percentile(1), unit: "B", most: 2_500),
        ]
    }

    /// Presses keys one by one; returns the times to their frames, and the bytes.
    private static func press(
        _ keys: [String],
        _ terminal: PseudoTerminal
    ) async throws -> (time: Samples, size: Samples) {
        var times: [Double] = []
        var bytes: [Double] = []
        for key in keys {
            try await Task.sleep(for: Self.keyRest)
            let before = (frames: terminal.screen.frames, bytes: terminal.byteCount)
            let began = ContinuousClock.now
            terminal.type(key)
            try await terminal.wait(for: "frame") { $0.frames > before.frames }
            times += Self.times(from: began, [terminal.moment { $0.frames > before.frames }])
            bytes.append(Double(terminal.byteCount - before.bytes))
        }
        return (Samples(times), Samples(bytes))
    }

    private static func idle(_ terminal: PseudoTerminal) async throws -> [Finding] {
        guard let child = terminal.child else { return [] }
        try await Task.sleep(for: Self.quiet)
        let use = ProcessUse(pid: child)
        let before = (bytes: terminal.byteCount, time: use.processorTime)
        try await Task.sleep(for: .seconds(Self.idleSeconds))
        let seconds = Double(Self.idleSeconds)
        return [
            .bar(
                "console-idle-bytes",
                Double(terminal.byteCount - before.bytes) / seconds,
                unit: "B/s",
                most: 60
            ),
            // Less than a twentieth of a percent is 0.0 %.
            .bar(
                "console-idle-cpu",
                (use.processorTime - before.time) / seconds * 100,
                unit: "%",
                most: 0.05
            ),
        ]
    }

    /// The resident memory, and what of it is swarmtop's own.
    private static func memory(_ terminal: PseudoTerminal) -> [Finding] {
        guard let child = terminal.child else { return [] }
        let use = ProcessUse(pid: child)
        return [
            .bar("console-rss", use.resident, unit: "MiB", most: 16),
            .bar("console-anonymous", use.anonymous, unit: "MiB", most: 6),
        ]
    }

    static func times(
        from began: ContinuousClock.Instant,
        _ moments: [ContinuousClock.Instant?]
    ) -> [Double] {
        moments.compactMap { $0 }.map { ($0 - began).milliseconds }
    }
}
