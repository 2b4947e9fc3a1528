package import GRPCCore
package import SwarmAPI
import SwarmRPC
import ReplicatedStore
import StoreCore
import SwiftProtobuf

/// The console's status stream: what `swarmtop` shows and SwarmKit's API does not carry.
///
/// A console gets the status at once and again after a change, at most ten times a second; while nothing
/// changes, nothing is sent and nothing is computed. Only a group of several managers is looked at twice a
/// second, since no change tells that a member falls silent. `run` feeds it and must run for changes to be sent.
package struct ConsoleService: SwarmdConsole.SimpleServiceProtocol {
    /// The shortest time between two publications.
    package static let interval = Duration.milliseconds(100)
    /// How often a group of several managers is looked at while a console is open.
    static let pulse = Duration.milliseconds(500)
    /// How many steps of tasks one message carries at most, some 1 MB; what is more comes in the next.
    static let stepsPerMessage = 20_000
    /// How many commits may wait before the tracker takes the whole state over again.
    static let lag = 4096

    private let sources: ConsoleSources
    private let identity: ConsoleIdentity
    private let interval: Duration
    private let hub = ConsoleHub()

    package init(
        sources: ConsoleSources,
        identity: ConsoleIdentity,
        interval: Duration = ConsoleService.interval
    ) {
        self.sources = sources
        self.identity = identity
        self.interval = interval
    }

    /// Follows the store and the sessions until it is cancelled.
    package func run() async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.followTasks { wake.yield() } }
            group.addTask { await self.followLeadership { wake.yield() } }
            group.addTask {
                for await _ in self.sources.sessionChanges { wake.yield() }
            }
            group.addTask { try await self.publish(on: wakes) }
            group.addTask { try await self.followGroup { wake.yield() } }
            // Sessions or leadership may end before the rest: nothing more is to be learnt there.
            while try await group.next() != nil {}
        }
    }

    package func status(
        request: SwarmdStatusRequest,
        response: RPCWriter<SwarmdConsoleStatus>,
        context: ServerContext
    ) async throws {
        // Without a console nobody follows the certificates.
        if !self.hub.isWatched { self.sources.trust.markOld() }
        let subscription = self.hub.subscribe()
        defer { self.hub.unsubscribe(subscription.id) }
        try await context.whileConnected { try await self.send(subscription, to: response) }
    }

    package func transferLeadership(
        request: SwarmdTransferLeadershipRequest,
        context: ServerContext
    ) async throws -> SwarmdTransferLeadershipResponse {
        try await self.sources.transferLeadership(to: request.nodeID)
        return SwarmdTransferLeadershipResponse()
    }

    package func preview(
        request: SwarmdPreviewRequest,
        context: ServerContext
    ) async throws -> SwarmdPreviewResponse {
        try await self.sources.preview(request)
    }

    private func send(
        _ subscription: ConsoleHub.Subscription,
        to response: RPCWriter<SwarmdConsoleStatus>
    ) async throws {
        var (first, known) = await self.sources.status(for: self.identity)
        first.states = subscription.states
        try await Self.write(first, subscription.steps[...], to: response)
        for await publication in subscription.publications {
            let told = subscription.next - min(subscription.next, publication.first)
            let steps = publication.steps.dropFirst(Int(clamping: told))
            var status = publication.status
            // What was published before the first message was made may be older.
            if publication.trust <= known { status.clearTrust() }
            known = max(known, publication.trust)
            try await Self.write(status, steps, to: response)
        }
        try Task.checkCancellation()
        throw RPCError(
            code: .resourceExhausted,
            message: "the console fell behind: open the status stream again"
        )
    }

    /// Sends another manager what is about the group, at once and after each publication.
    func report(to response: RPCWriter<SwarmdConsoleStatus>, context: ServerContext) async throws {
        let subscription = self.hub.subscribe()
        defer { self.hub.unsubscribe(subscription.id) }
        try await context.whileConnected {
            try await response.write(Self.report(await self.sources.status(for: self.identity).status))
            for await publication in subscription.publications {
                try await response.write(Self.report(publication.status))
            }
        }
    }

    private static func report(_ status: SwarmdConsoleStatus) -> SwarmdConsoleStatus {
        .with {
            $0.nodeID = status.nodeID
            $0.raft = status.raft
            $0.raft.elections = []
            $0.at = status.at
        }
    }

    /// Writes `status` with `steps`, in as many messages as the steps need.
    private static func write(
        _ status: SwarmdConsoleStatus,
        _ steps: ArraySlice<SwarmdTaskTransition>,
        to response: RPCWriter<SwarmdConsoleStatus>
    ) async throws {
        var status = status
        var rest = steps
        repeat {
            status.transitions = Array(rest.prefix(Self.stepsPerMessage))
            rest = rest.dropFirst(Self.stepsPerMessage)
            try await response.write(status)
            status.clearTrust()
        } while !rest.isEmpty
    }

    /// Follows the tasks, whether a console is open or not.
    private func followTasks(_ wake: @Sendable () -> Void) async throws {
        while !Task.isCancelled {
            let (state, index, commits) = await self.sources.store.watch(limit: Self.lag, of: .tasks)
            self.hub.reconcile(with: state, index: index)
            wake()
            for await commit in commits {
                self.hub.observe(commit)
                wake()
            }
            // The stream ended: the tracker lagged, or the store closed and this task ends soon.
            try await Task.sleep(for: self.interval)
        }
    }

    private func followLeadership(_ wake: @Sendable () -> Void) async {
        for await _ in await self.sources.store.leaderships() { wake() }
    }

    /// Follows what is no task until no console is open: without one, nobody is woken for it.
    private func followOthers(_ wake: @Sendable () -> Void) async throws {
        let others = ObjectKinds.all.subtracting(.tasks)
        let commits = await self.sources.store.watch(limit: Self.lag, of: others).commits
        // Nobody saw what was committed before.
        self.sources.trust.markOld()
        wake()
        for await commit in commits {
            guard self.hub.isWatched else { return }
            if !commit.kinds.isDisjoint(with: [.nodes, .clusters]) { self.sources.trust.markOld() }
            wake()
        }
    }

    /// Looks at the group and at what is no task while a console is open, and follows the leader's view of it.
    private func followGroup(_ wake: @escaping @Sendable () -> Void) async throws {
        for await _ in self.hub.arrivals {
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    while self.hub.isWatched {
                        if await self.sources.members().count > 1 || self.sources.isTrustDue { wake() }
                        try await Task.sleep(for: Self.pulse)
                    }
                }
                group.addTask {
                    while self.hub.isWatched {
                        try await self.followOthers(wake)
                        try await Task.sleep(for: self.interval)
                    }
                }
                group.addTask {
                    while self.hub.isWatched {
                        await self.sources.followLeader(from: self.identity.nodeID) {
                            wake()
                            return self.hub.isWatched
                        }
                        try await Task.sleep(for: Self.pulse)
                    }
                }
                // The first that finds no console open ends the others, who may wait for a commit: the next
                // console begins with all of them.
                try await group.next()
            }
        }
    }

    private func publish(on wakes: AsyncStream<Void>) async throws {
        for await _ in wakes {
            if self.hub.isWatched {
                let (status, trust) = await self.sources.status(for: self.identity)
                self.hub.publish(status, trust: trust)
            } else {
                self.hub.publish(SwarmdConsoleStatus(), trust: 0)
            }
            try await Task.sleep(for: self.interval)
        }
    }
}
