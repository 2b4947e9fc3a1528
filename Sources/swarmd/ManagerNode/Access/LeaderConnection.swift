import GRPCCore
import Primitives
import SwarmRPC
import Synchronization

/// The one connection of a manager that does not lead to the one that does.
///
/// `run` keeps it to whoever leads; calls take it from `place`, and wait there while there is none. Nothing of it
/// works unless `run` does.
final class LeaderConnection: Sendable {
    /// How a connection is made and used: `ManagerConnection.withClient` to this address.
    typealias Connect =
        @Sendable (
            ServerAddress, @escaping @Sendable (ManagerConnection.Client) async throws -> Void
        ) async throws -> Void

    /// A connection to the leader, while it lasts.
    struct Link: Sendable {
        let client: ManagerConnection.Client
        /// Grows with each connection.
        let number: UInt64
    }

    /// Where the leader is.
    enum Place: Sendable {
        /// This manager leads.
        case here
        case at(Link)
    }

    /// The bounds of waiting for a leader.
    struct Limits: Sendable {
        /// How often the leader is looked for.
        var interval = Duration.milliseconds(50)
        /// How long a call waits for a leader, and for the connection to it.
        var patience = Duration.seconds(5)
        /// After so long without a leader calls wait no more: SwarmKit's ten ticks.
        var leaderless = Duration.seconds(10)
        /// How long an attempt to connect pauses after one that failed.
        var pauses = Duration.milliseconds(50)...Duration.seconds(1)
        /// How many calls wait at a time.
        var waiting = 10_000
    }

    private struct State {
        var link: Link?
        var made: UInt64 = 0
        var isRunning = false
        var leaderlessSince: ContinuousClock.Instant?
        /// Why the last attempt to connect failed.
        var problem = ""
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
    }

    private struct Waiter {
        /// The connection that broke, which won't do.
        var after: UInt64
        var until: ContinuousClock.Instant
        var continuation: CheckedContinuation<Void, Never>
    }

    private let isLeader: @Sendable () -> Bool
    private let leader: @Sendable () -> String?
    private let connect: Connect
    private let limits: Limits
    private let state = Mutex(State())

    /// `isLeader` says whether this manager leads, and `leader` where the one that does listens.
    init(
        isLeader: @escaping @Sendable () -> Bool,
        leader: @escaping @Sendable () -> String?,
        limits: Limits = Limits(),
        connect: @escaping Connect
    ) {
        self.isLeader = isLeader
        self.leader = leader
        self.limits = limits
        self.connect = connect
    }

    /// Whether this manager leads.
    var isHere: Bool { self.isLeader() }

    /// Whether `link` is still the connection to the leader.
    func isCurrent(_ link: Link) -> Bool { self.state.withLock { $0.link?.number == link.number } }

    /// Follows the leader until it is cancelled.
    func run() async {
        self.state.withLock { $0.isRunning = true }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow() }
            group.addTask { await self.watch() }
        }
        self.end()
    }

    // MARK: Calls

    /// Where the leader is; waits for one, and for a connection to it that is newer than the number `after`.
    ///
    /// Throws UNAVAILABLE, in SwarmKit's words, when there is none in time.
    func place(after: UInt64 = 0) async throws -> Place {
        let until = ContinuousClock.now + self.limits.patience
        while true {
            if self.isLeader() { return .here }
            if let link = self.state.withLock({ $0.link }), link.number > after { return .at(link) }
            try Task.checkCancellation()
            guard try self.mayWait(until) else { throw self.failure }
            await self.wait(after: after, until: until)
        }
    }

    private func mayWait(_ until: ContinuousClock.Instant) throws(RPCError) -> Bool {
        let now = ContinuousClock.now
        return try self.state.withLock { state throws(RPCError) in
            guard state.waiters.count < self.limits.waiting else {
                throw RPCError(code: .resourceExhausted, message: "too many calls wait for the leader")
            }
            let isLeaderless = state.leaderlessSince.map { now - $0 > self.limits.leaderless } ?? false
            return state.isRunning && now < until && !isLeaderless
        }
    }

    private var failure: RPCError {
        let problem = self.state.withLock { $0.problem }
        guard let leader = self.leader(), !problem.isEmpty else { return Self.noLeader }
        return RPCError(code: .unavailable, message: "the leader at \(leader) can't be reached: \(problem)")
    }

    /// SwarmKit's answer where nobody leads (`raft.go`, `ErrNoClusterLeader`).
    static let noLeader = RPCError(
        code: .unavailable,
        message: "The swarm does not have a leader. It's possible that too few managers are online. "
            + "Make sure more than half of the managers are online."
    )

    private func wait(after: UInt64, until: ContinuousClock.Instant) async {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = self.state.withLock { state in
                    let isThere = state.link.map { $0.number > after } ?? false
                    if isThere || !state.isRunning || Task.isCancelled { return true }
                    state.waiters[id] = Waiter(after: after, until: until, continuation: continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    /// Lets those go on that `isOver` chooses.
    private func release(_ isOver: (Waiter) -> Bool) {
        let over = self.state.withLock { state in
            let over = state.waiters.filter { isOver($0.value) }
            for id in over.keys { state.waiters[id] = nil }
            return over.values.map(\.continuation)
        }
        for continuation in over { continuation.resume() }
    }

    // MARK: The connection

    private func follow() async {
        var backoff = Backoff(base: self.limits.pauses.lowerBound, limit: self.limits.pauses.upperBound)
        var dice = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            guard !self.isLeader(), let text = self.leader(), let address = try? ServerAddress(text) else {
                await self.pause(self.limits.interval)
                continue
            }
            do {
                try await self.connect(address) { client in await self.hold(client, to: text) }
                backoff = Backoff(base: self.limits.pauses.lowerBound, limit: self.limits.pauses.upperBound)
            } catch {
                let problem = (error as? RPCError)?.message ?? "\(error)"
                let wasUp = self.state.withLock { state in
                    state.problem = problem
                    return state.link != nil
                }
                self.drop()
                if wasUp {
                    backoff = Backoff(
                        base: self.limits.pauses.lowerBound,
                        limit: self.limits.pauses.upperBound
                    )
                }
                await self.pause(backoff.next(using: &dice))
            }
        }
    }

    /// Offers `client` to calls as long as the manager at `address` leads.
    private func hold(_ client: ManagerConnection.Client, to address: String) async {
        self.state.withLock { state in
            state.made += 1
            state.link = Link(client: client, number: state.made)
            state.problem = ""
        }
        self.release { _ in true }
        while !Task.isCancelled, !self.isLeader(), self.leader() == address {
            await self.pause(self.limits.interval)
        }
        self.drop()
    }

    private func drop() { self.state.withLock { $0.link = nil } }

    /// Notes since when nobody leads, and ends the patience of those that wait.
    private func watch() async {
        while !Task.isCancelled {
            let isThere = self.isLeader() || self.leader() != nil
            let now = ContinuousClock.now
            self.state.withLock { state in
                state.leaderlessSince = isThere ? nil : state.leaderlessSince ?? now
            }
            let leads = self.isLeader()
            self.release { leads || $0.until <= now }
            await self.pause(self.limits.interval)
        }
    }

    private func end() {
        self.state.withLock { state in
            state.isRunning = false
            state.link = nil
        }
        self.release { _ in true }
    }

    /// Waits; a cancellation ends it at once.
    private func pause(_ duration: Duration) async { try? await ContinuousClock().sleep(for: duration) }
}
