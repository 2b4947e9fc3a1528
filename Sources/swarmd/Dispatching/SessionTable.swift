package import Primitives

/// The agents' sessions of one leader's term: who is heard of, since when, and who is overdue.
///
/// A node is, for the dispatcher, *awaited* after a change of leader, *live* while its session's stream is
/// open, *silent* after the stream ended, and *down* when nothing was heard of it in time. Every state but
/// `live` ends at its deadline, and `live` does too unless heartbeats move it (SwarmKit
/// `dispatcher/nodes.go`, `heartbeat/heartbeat.go`).
package struct SessionTable: Sendable {
    /// One agent's session.
    package struct Session: Sendable, Equatable {
        package let nodeID: String
        package let sessionID: String
        /// Grows with each stream that carries the session, so that an old stream's end is told from the new one's.
        package internal(set) var stream: UInt64
        package internal(set) var addr: String
        package let openedAt: Timestamp
        package internal(set) var lastHeartbeat: Timestamp
    }

    /// What the dispatcher does about the passing of time and of streams.
    package enum Action: Sendable, Equatable {
        case markUnknown(node: String)
        case markDisconnected(node: String)
        case markDown(node: String, message: String)
        /// The session ended without its node's doing: its streams are to be closed.
        case close(node: String, session: String)
        /// Nothing was heard of the node for a day: its tasks count as lost.
        case orphanTasks(node: String)
    }

    private enum State: Sendable {
        case awaited(until: Timestamp)
        case live(Session, until: Timestamp)
        case silent(Session, until: Timestamp)
        case down(orphanAt: Timestamp)
        /// Its tasks are given up; only the count of registrations is kept.
        case gone

        var deadline: Timestamp? {
            switch self {
            case .awaited(let until), .live(_, let until), .silent(_, let until): until
            case .down(let orphanAt): orphanAt
            case .gone: nil
            }
        }
    }

    private struct Entry: Sendable {
        var state: State
        var registeredAt: Timestamp?
        var registrations = 0
    }

    private var entries: [String: Entry] = [:]
    private var generator: SeededGenerator
    private var streams: UInt64 = 0
    /// The period that the cluster's spec asks for, without jitter.
    private var period: Duration

    package init(period: Duration, generator: SeededGenerator) {
        self.period = max(period, DispatchingLimits.shortestPeriod)
        self.generator = generator
    }

    /// Begins a term: every node that is not down has to come back within a longer grace.
    ///
    /// `nodes` are the store's, with whether each is down.
    package mutating func start(nodes: [(id: String, isDown: Bool)], now: Timestamp) -> [Action] {
        let grace = self.period * DispatchingLimits.unknownGraceMultiplier
        var actions: [Action] = []
        for node in nodes.sorted(by: { $0.id < $1.id }) {
            if node.isDown {
                self.entries[node.id] = Entry(state: .down(orphanAt: now + DispatchingLimits.orphanDelay))
            } else {
                self.entries[node.id] = Entry(state: .awaited(until: now + grace))
                actions.append(.markUnknown(node: node.id))
            }
        }
        return actions
    }

    /// Takes the period from the cluster's spec; each node learns of it with its next heartbeat.
    package mutating func setPeriod(_ period: Duration) {
        self.period = max(period, DispatchingLimits.shortestPeriod)
    }

    /// Opens a session, or attaches a new stream to the one that `sessionID` names.
    ///
    /// An older session of the node is replaced; its streams are to be closed.
    package mutating func open(
        node: String,
        addr: String,
        sessionID: String,
        now: Timestamp
    ) throws(SessionError) -> (session: Session, actions: [Action]) {
        self.streams += 1
        if var session = self.session(of: node), session.sessionID == sessionID {
            session.stream = self.streams
            session.addr = addr
            session.lastHeartbeat = now
            let until = now + self.grace(of: self.drawPeriod())
            self.entries[node]?.state = .live(session, until: until)
            return (session, [])
        }
        try self.countRegistration(of: node, now: now)
        let replaced = self.session(of: node).map { Action.close(node: node, session: $0.sessionID) }
        let session = Session(
            nodeID: node,
            sessionID: Identifier.make(using: &self.generator),
            stream: self.streams,
            addr: addr,
            openedAt: now,
            lastHeartbeat: now
        )
        let until = now + self.grace(of: self.drawPeriod())
        self.entries[node]?.state = .live(session, until: until)
        return (session, replaced.map { [$0] } ?? [])
    }

    /// Notes a sign of life; returns after how long the next is expected.
    package mutating func heartbeat(
        node: String,
        sessionID: String,
        now: Timestamp
    ) throws(SessionError) -> Duration {
        guard case .live(var session, _)? = self.entries[node]?.state else {
            throw .notRegistered(node: node)
        }
        guard session.sessionID == sessionID else { throw .invalid(node: node) }
        session.lastHeartbeat = now
        let period = self.drawPeriod()
        let until = now + self.grace(of: period)
        self.entries[node]?.state = .live(session, until: until)
        return period
    }

    /// Checks that the node's session is `sessionID`.
    package func check(node: String, sessionID: String) throws(SessionError) {
        guard let session = self.session(of: node) else { throw .notRegistered(node: node) }
        guard session.sessionID == sessionID else { throw .invalid(node: node) }
    }

    /// Notes that a session's stream ended; without effect if the session has another stream by now.
    package mutating func end(node: String, stream: UInt64) -> [Action] {
        guard case .live(let session, let until)? = self.entries[node]?.state, session.stream == stream else {
            return []
        }
        self.entries[node]?.state = .silent(session, until: until)
        return [.markDisconnected(node: node)]
    }

    /// Notes that the node was removed from the cluster.
    package mutating func forget(node: String) -> [Action] {
        let session = self.session(of: node)
        self.entries[node] = nil
        return session.map { [.close(node: node, session: $0.sessionID)] } ?? []
    }

    /// Says what is overdue at `now`.
    package mutating func expire(now: Timestamp) -> [Action] {
        let overdue = self.entries.filter { $0.value.state.deadline.map { $0 <= now } ?? false }.keys.sorted()
        return overdue.flatMap { self.expire(node: $0, now: now) }
    }

    /// When something will be overdue; nil for never.
    package var deadline: Timestamp? { self.entries.values.lazy.compactMap(\.state.deadline).min() }

    /// The live sessions, ordered by node.
    package var sessions: [Session] {
        self.entries.values.compactMap { if case .live(let session, _) = $0.state { session } else { nil } }
            .sorted { $0.nodeID < $1.nodeID }
    }

    private mutating func expire(node: String, now: Timestamp) -> [Action] {
        guard let state = self.entries[node]?.state else { return [] }
        let down = State.down(orphanAt: now + DispatchingLimits.orphanDelay)
        switch state {
        case .awaited:
            self.entries[node]?.state = down
            return [.markDown(node: node, message: #"heartbeat failure for node in "unknown" state"#)]
        case .live(let session, _), .silent(let session, _):
            self.entries[node]?.state = down
            return [
                .close(node: node, session: session.sessionID),
                .markDown(node: node, message: "heartbeat failure"),
            ]
        case .down:
            self.entries[node]?.state = .gone
            return [.orphanTasks(node: node)]
        case .gone: return []
        }
    }

    private func session(of node: String) -> Session? {
        switch self.entries[node]?.state {
        case .live(let session, _), .silent(let session, _): session
        case .awaited, .down, .gone, nil: nil
        }
    }

    private mutating func countRegistration(of node: String, now: Timestamp) throws(SessionError) {
        var entry = self.entries[node] ?? Entry(state: .gone)
        if let last = entry.registeredAt, now - last > DispatchingLimits.registrationWindow {
            entry.registrations = 0
        }
        guard entry.registrations < DispatchingLimits.registrations else {
            throw .tooManyRegistrations(node: node)
        }
        entry.registrations += 1
        entry.registeredAt = now
        self.entries[node] = entry
    }

    private mutating func drawPeriod() -> Duration {
        let jitter = self.period.wholeNanoseconds / DispatchingLimits.jitterDivisor
        return self.period + .nanoseconds(Int64.random(in: -jitter...jitter, using: &self.generator))
    }

    private func grace(of period: Duration) -> Duration { period * DispatchingLimits.graceMultiplier }
}
