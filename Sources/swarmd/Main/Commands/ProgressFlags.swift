import ArgumentParser
import ControlClient
import Glibc
import Primitives
import Synchronization
import SwarmAPI
import SwiftProtobuf
import UnixSignals

/// Whether a command waits until the service has converged, and shows how far it is.
struct ProgressFlags: ParsableArguments {
    @Flag(
        name: [.customShort("d"), .long],
        help: "Return at once; do not wait until the service has converged."
    )
    var detach = false
    @Flag(name: [.customShort("q"), .long], help: "Do not show progress.")
    var quiet = false

    /// Waits until `service` has converged, unless detached.
    ///
    /// An interrupt ends the wait, not the service.
    func follow(_ service: SwarmService, socket: String) async throws {
        guard !self.detach else { return }
        let display = ProgressDisplay(service, quiet: self.quiet, interactive: Terminal.isInteractive)
        let feed = ClusterFeed(
            socket: socket,
            limit: ProgressDisplay.eventLimit,
            scope: .service(id: service.id)
        )
        let ending = try await withThrowingTaskGroup(of: ProgressDisplay.Ending?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                await feed.run()
                return nil
            }
            group.addTask {
                for await event in feed.events {
                    if let ending = try display.heard(event) { return ending }
                }
                return nil
            }
            group.addTask { try await display.watchClock() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint) { return .interrupted }
                return nil
            }
            while let result = try await group.next() {
                if let result { return result }
            }
            return .interrupted
        }
        switch ending {
        case .verdict(.converged): return
        case .verdict(.failed(let reason)):
            throw CommandError("service \(service.spec.annotations.name): \(reason)")
        case .interrupted:
            try Terminal.out("Operation continuing in background.")
            try Terminal.out("Use `swarmd service ps \(service.spec.annotations.name)` to check progress.")
        }
    }
}

/// Shows a service's progress on standard output.
final class ProgressDisplay: Sendable {
    /// The most events that wait to be shown.
    static let eventLimit = 4_096
    /// How often the remaining seconds are looked at while the service is watched for stability.
    static let tick = Duration.milliseconds(200)

    enum Ending: Sendable {
        case verdict(ServiceProgress.Verdict)
        case interrupted
    }

    private struct State {
        var progress: ServiceProgress
        var text = ProgressText()
        var shown: [String] = []
        var hasEnded = false
    }

    private let state: Mutex<State>
    private let quiet: Bool
    private let interactive: Bool

    init(_ service: SwarmService, quiet: Bool, interactive: Bool) {
        self.state = Mutex(State(progress: ServiceProgress(service)))
        self.quiet = quiet
        self.interactive = interactive
    }

    /// Takes in an event and shows what changed; returns the end when that is it.
    func heard(_ event: FeedEvent) throws -> Ending? {
        let now = currentTimestamp()
        return try self.state.withLock { state in
            state.progress.apply(event, now: now)
            return try self.show(&state, now: now)
        }
    }

    /// Counts the seconds of the watch for stability.
    func watchClock() async throws -> Ending? {
        while true {
            try await Task.sleep(for: Self.tick)
            let now = currentTimestamp()
            let ending = try self.state.withLock { state in
                state.progress.stableSince == nil ? nil : try self.show(&state, now: now)
            }
            if let ending { return ending }
        }
    }

    private func show(_ state: inout State, now: Timestamp) throws -> Ending? {
        guard !state.hasEnded else { return nil }
        let verdict = state.progress.verdict(now: now)
        if !self.quiet {
            if self.interactive {
                try self.redraw(&state, now: now, verdict)
            } else {
                try self.append(&state, now: now, verdict)
            }
        }
        state.hasEnded = verdict != nil
        return verdict.map { .verdict($0) }
    }

    private func append(_ state: inout State, now: Timestamp, _ verdict: ServiceProgress.Verdict?) throws {
        for line in state.text.changes(state.progress, now: now) { try Terminal.out(TextTable.plain(line)) }
        if verdict == .converged { try Terminal.out(Self.convergedLine(state.progress)) }
    }

    /// Draws the lines over those before, in one write.
    private func redraw(_ state: inout State, now: Timestamp, _ verdict: ServiceProgress.Verdict?) throws {
        var lines = ProgressText.all(state.progress, now: now).filter { !$0.isEmpty }
        if verdict == .converged {
            lines.removeAll { $0.hasPrefix("verify:") }
            lines.append(Self.convergedLine(state.progress))
        }
        let width = Terminal.width
        lines = lines.map { String(TextTable.plain($0).prefix(max(1, width - 1))) }
        guard lines != state.shown else { return }
        let up = state.shown.isEmpty ? "" : "\u{1b}[\(state.shown.count)A"
        let text = up + lines.map { "\r\u{1b}[2K\($0)\n" }.joined() + "\u{1b}[J"
        state.shown = lines
        try Terminal.write(Array(text.utf8), to: 1)
    }

    private static func convergedLine(_ progress: ServiceProgress) -> String {
        "verify: Service \(progress.service.spec.annotations.name) converged"
    }
}
