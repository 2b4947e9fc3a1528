import ControlClient
package import Linearizability
import Synchronization

/// Clients that write and read a few configs through every member at any time, and remember all of it.
package final class HistoryRecorder: Sendable {
    private typealias Entry = ControlHistory.Entry

    /// A config as somebody last saw it.
    private struct Sight: Sendable {
        let id: String
        let version: UInt64
    }

    private struct State: Sendable {
        var entries: [Entry] = []
        /// By name.
        var sights: [String: Sight] = [:]
        /// Distinguishes values.
        var writes = 0
    }

    /// Clients of each member that write, so that they come into each other's way.
    private static let writers = 2
    /// One more, which reads.
    private static let clients = writers + 1
    /// How long a client waits whose member cannot be reached.
    private static let redial = Duration.milliseconds(50)

    private let sockets: [String]
    private let names: [String]
    private let pause: Duration
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Clients of the members at `sockets` that pause between calls; `name` begins the configs' names, and must
    /// be a new one.
    package init(sockets: [String], name: String, configs: Int = 3, pause: Duration) {
        self.sockets = sockets
        self.names = (0..<configs).map { "\(name)-\($0)" }
        self.pause = pause
    }

    /// What was called and answered so far.
    package var history: ControlHistory { ControlHistory(self.state.withLock { $0.entries }) }

    /// Makes the configs through the leader `member`.
    package func create(at member: Int) async throws {
        let made = try await ControlClient.withConnection(to: self.sockets[member]) { client in
            for name in self.names {
                let value = self.newValue()
                guard
                    case .answered(.created) = await self.call(
                        name,
                        .create(value: value),
                        self.caller(member),
                        client
                    )
                else { return false }
            }
            return true
        }
        guard made else { throw LabGroup.Failure.gaveUp("the leader makes configs") }
    }

    /// Calls until it is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for member in self.sockets.indices {
                for client in 0..<Self.clients {
                    group.addTask { await self.keepCalling(member, client) }
                }
            }
        }
    }

    /// Reads every config through every member once more, so that a write that is lost shows.
    package func readAll() async throws {
        for member in self.sockets.indices {
            for name in self.names {
                try await LabGroup.wait("manager \(member) answers") {
                    try await ControlClient.withConnection(to: self.sockets[member]) { client in
                        if case .answered = await self.read(name, self.caller(member), client) { return true }
                        return false
                    }
                }
            }
        }
    }

    private func keepCalling(_ member: Int, _ client: Int) async {
        var number = client
        let caller = member * (Self.clients + 1) + client
        while !Task.isCancelled {
            // A connection that a member's end broke is made anew.
            try? await ControlClient.withConnection(to: self.sockets[member]) { [number] connection in
                var number = number
                while !Task.isCancelled {
                    let name = self.names[number % self.names.count]
                    number += 1
                    let end =
                        client < Self.writers
                        ? await self.write(name, caller, connection)
                        : await self.read(name, caller, connection)
                    if case .unknown = end { return }
                    try await ContinuousClock().sleep(for: self.pause)
                }
            }
            number += 1
            try? await ContinuousClock().sleep(for: Self.redial)
        }
    }

    /// The client of `member` that does what is done once.
    private func caller(_ member: Int) -> Int { member * (Self.clients + 1) + Self.clients }

    private func member(of caller: Int) -> Int { caller / (Self.clients + 1) }
}

// MARK: - Calls

extension HistoryRecorder {
    private func write(_ name: String, _ caller: Int, _ client: ControlClient) async -> RecordedCall.End {
        guard let sight = self.state.withLock({ $0.sights[name] }) else { return .refused }
        let action = ControlCall.Action.update(id: sight.id, version: sight.version, value: self.newValue())
        return await self.call(name, action, caller, client)
    }

    private func read(_ name: String, _ caller: Int, _ client: ControlClient) async -> RecordedCall.End {
        guard let sight = self.state.withLock({ $0.sights[name] }) else { return .refused }
        return await self.call(name, .get(id: sight.id), caller, client)
    }

    private func newValue() -> String {
        self.state.withLock { state in
            state.writes += 1
            return "v\(state.writes)"
        }
    }

    private func call(
        _ name: String,
        _ action: ControlCall.Action,
        _ caller: Int,
        _ client: ControlClient
    ) async -> RecordedCall.End {
        let recorded = RecordedCall(name, action)
        let called = self.now
        let end = await recorded.make(with: client)
        let returned = self.now
        let outcome: Entry.Outcome
        switch end {
        case .answered(let reply): outcome = .known(reply, at: returned)
        case .unknown: outcome = .unknown
        case .refused: return end
        }
        let entry = Entry(client: caller, input: recorded.call, called: called, outcome: outcome)
        self.state.withLock { state in
            state.entries.append(entry)
            if let sight = Self.sight(entry), sight.version > state.sights[name]?.version ?? 0 {
                state.sights[name] = sight
            }
        }
        return end
    }

    private static func sight(_ entry: Entry) -> Sight? {
        switch (entry.output, entry.input.action) {
        case (.created(let id, let version), _), (.found(let id, let version, _), _):
            Sight(id: id, version: version)
        case (.updated(let version), .update(let id?, _, _)): Sight(id: id, version: version)
        default: nil
        }
    }

    /// Nanoseconds since this object was made.
    private var now: UInt64 { self.offset(of: .now) }

    private func offset(of instant: ContinuousClock.Instant) -> UInt64 {
        let (seconds, attoseconds) = self.start.duration(to: instant).components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000
    }
}

// MARK: - What the history says

extension HistoryRecorder {
    /// Whether a write that began after `instant` was acknowledged.
    package func succeeded(after instant: ContinuousClock.Instant) -> Bool {
        let from = self.offset(of: instant)
        return self.state.withLock { $0.entries.contains { $0.called > from && Self.isWrite($0) } }
    }

    /// The longest time without an acknowledged write, from the last one before `instant` on.
    package func longestGap(from instant: ContinuousClock.Instant) -> Duration? {
        let from = self.offset(of: instant)
        let times = self.state.withLock { $0.entries.filter(Self.isWrite).compactMap(\.returned) }.sorted()
        guard let last = times.lastIndex(where: { $0 <= from }) else { return nil }
        return zip(times[last...], times[(last + 1)...]).map { .nanoseconds($1 - $0) }.max()
    }

    /// When `member` first answered a read that was asked after `instant`.
    package func firstAnswer(
        of member: Int,
        after instant: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        let first = self.answers(of: member, from: self.offset(of: instant)).min()
        return first.map { self.start + .nanoseconds($0) }
    }

    /// How many reads `member` answered that were asked between two moments.
    package func answers(
        of member: Int,
        askedIn range: Range<ContinuousClock.Instant>
    ) -> Int {
        self.answers(
            of: member,
            from: self.offset(of: range.lowerBound),
            to: self.offset(of: range.upperBound)
        )
        .count
    }

    private func answers(of member: Int, from: UInt64, to: UInt64 = .max) -> [UInt64] {
        self.state.withLock { state in
            state.entries.compactMap { entry in
                guard case .get = entry.input.action, self.member(of: entry.client) == member,
                    entry.called >= from, entry.called < to
                else { return nil }
                return entry.returned
            }
        }
    }

    private static func isWrite(_ entry: Entry) -> Bool {
        if case .updated = entry.output { true } else { false }
    }
}
