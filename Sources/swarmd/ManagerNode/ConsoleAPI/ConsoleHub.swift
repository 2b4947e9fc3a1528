import Primitives
import StoreCore
import SwarmAPI
import Synchronization

/// Hands what the tracker sees to every open console.
///
/// Synchronous and shared: commits go in, each console takes a consistent starting point and then every
/// publication. Steps are numbered, so that a console that opens between two publications gets none twice.
final class ConsoleHub: Sendable {
    /// One status for everybody, with the steps since the publication before.
    struct Publication: Sendable {
        var status: SwarmdConsoleStatus
        /// The edition of the certificates in `status`.
        let trust: UInt64
        /// The number of the first of `steps`.
        let first: UInt64
        let steps: [SwarmdTaskTransition]
    }

    /// What a console starts from.
    struct Subscription: Sendable {
        let id: UInt64
        let publications: AsyncStream<Publication>
        let states: [SwarmdStateSummary]
        let steps: [SwarmdTaskTransition]
        /// The number of the first step that it has not got.
        let next: UInt64
    }

    /// How many publications may wait for one console: more than six seconds of them.
    static let lag = 64
    /// How many steps may wait for the next publication.
    static let freshSteps = 1 << 18

    private struct State {
        var tracker = ConsoleTracker()
        /// How many steps were published before.
        var published: UInt64 = 0
        var watchers: [UInt64: BoundedWatcher<Publication>] = [:]
        var nextWatcher: UInt64 = 0
    }

    private let state = Mutex(State())
    /// Something when a console was opened; for one reader.
    let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() { (self.arrivals, self.arrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Takes over a whole state.
    func reconcile(with state: StoreState, index: UInt64) {
        self.state.withLock { hub in
            hub.tracker.reconcile(with: state, index: index)
            Self.bound(&hub)
        }
    }

    /// Notes a commit.
    func observe(_ commit: Commit) {
        self.state.withLock { hub in
            hub.tracker.observe(commit)
            Self.bound(&hub)
        }
    }

    /// Opens a console.
    func subscribe() -> Subscription {
        defer { self.arrived.yield() }
        return self.state.withLock { hub in
            let watcher = BoundedWatcher<Publication>(limit: Self.lag)
            let id = hub.nextWatcher
            hub.nextWatcher += 1
            hub.watchers[id] = watcher
            return Subscription(
                id: id,
                publications: watcher.events,
                states: hub.tracker.summaries(),
                steps: hub.tracker.transitions,
                next: hub.published + UInt64(hub.tracker.freshCount)
            )
        }
    }

    /// Closes a console.
    func unsubscribe(_ id: UInt64) { self.state.withLock { $0.watchers[id] = nil } }

    /// Publishes what was seen since the last time on top of `status`, if anybody looks.
    func publish(_ status: SwarmdConsoleStatus, trust: UInt64) {
        self.state.withLock { hub in
            let steps = hub.tracker.takeFresh()
            let first = hub.published
            hub.published += UInt64(steps.count)
            guard !hub.watchers.isEmpty else { return }
            var status = status
            status.states = hub.tracker.summaries()
            let publication = Publication(status: status, trust: trust, first: first, steps: steps)
            hub.watchers = hub.watchers.filter { $0.value.offer(publication) }
        }
    }

    /// Whether any console is open.
    var isWatched: Bool { self.state.withLock { !$0.watchers.isEmpty } }

    /// Drops steps that nobody came for; consoles that would miss them open again.
    private static func bound(_ hub: inout State) {
        guard hub.tracker.freshCount > Self.freshSteps else { return }
        hub.published += UInt64(hub.tracker.takeFresh().count)
        for watcher in hub.watchers.values { watcher.finish() }
        hub.watchers = [:]
    }
}
