import GRPCCore
import StoreCore
import Synchronization

/// The news for one stream to an agent.
///
/// It holds *which* tasks may have changed and the newest state, never a queue of events: however slowly the
/// agent reads, the feed does not grow beyond the node's tasks, and the agent gets the newest state.
final class StreamFeed: Sendable {
    /// What a stream has to look at.
    struct News: Sendable {
        /// The tasks that may have changed; nil for any.
        var changedTasks: Set<String>? = []
        /// The newest state, and the index of its last commit.
        var state: StoreState?
        var index: UInt64 = 0
    }

    private struct State {
        var news = News()
        var ending: RPCError?
    }

    /// Comes when there is news; several pieces may share one.
    let wakeups: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    /// The first wake-up is there from the start.
    init() {
        (self.wakeups, self.wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.wake.yield()
    }

    /// Adds news; nil for the tasks means that nobody knows which changed.
    func offer(tasks: [String]?, state: StoreState, at index: UInt64) {
        self.state.withLock { feed in
            if let tasks { feed.news.changedTasks?.formUnion(tasks) } else { feed.news.changedTasks = nil }
            feed.news.state = state
            feed.news.index = index
        }
        self.wake.yield()
    }

    /// Takes the news.
    func take() -> News {
        self.state.withLock { feed in
            defer { feed.news = News() }
            return feed.news
        }
    }

    /// Ends the stream with an error; only the first end counts.
    func finish(_ ending: RPCError) {
        self.state.withLock { $0.ending = $0.ending ?? ending }
        self.wake.finish()
    }

    var ending: RPCError? { self.state.withLock { $0.ending } }
}
