package import Primitives
package import StoreCore

/// The commits that a watcher has not seen yet, for one reader.
///
/// It holds so many at most: a watcher that falls behind finds its feed ended, and reads the whole state
/// again. All that is there is taken at once, so that a burst of commits wakes each watcher once. It ends for
/// the store when its reader drops it.
package final class CommitFeed: AsyncSequence, Sendable {
    private let inbox: Inbox<Commit>

    init(_ inbox: Inbox<Commit>) { self.inbox = inbox }

    deinit { self.inbox.finish() }

    /// Takes all commits that are there, waiting for the first one until `deadline`; empty when the deadline
    /// passed first, nil when the feed has ended or the caller was cancelled.
    package func take(until deadline: Timestamp?, clock: any WallClock) async -> [Commit]? {
        await self.inbox.take(until: deadline, clock: clock)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(feed: self) }

    /// Gives one commit after the other.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let feed: CommitFeed
        /// Those that were taken and not given yet, newest first.
        private var taken: [Commit] = []

        fileprivate init(feed: CommitFeed) { self.feed = feed }

        package mutating func next() async -> Commit? {
            if let commit = self.taken.popLast() { return commit }
            guard let commits = await self.feed.inbox.take() else { return nil }
            self.taken = commits.reversed()
            return self.taken.popLast()
        }
    }
}
