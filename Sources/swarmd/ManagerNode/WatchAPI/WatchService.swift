package import GRPCCore
package import ReplicatedStore
package import SwarmAPI
import SwarmRPC
import StoreCore
import SwiftProtobuf

/// The Watch API: changes of the store as they are committed (SwarmKit `manager/watchapi`).
///
/// The first message is empty and says that no later change will be missed. Each message after it holds
/// all that the watcher asked for of one commit, and the commit's index, from which a watch can be
/// resumed. A watcher that does not keep up is cut off and lists again.
package struct WatchService: SwarmWatch.SimpleServiceProtocol {
    /// How many commits may wait for one watcher, unless the composition says otherwise.
    package static let defaultLag = 4096

    private let store: ReplicatedStore
    private let lag: Int

    /// Serves `store`; at most `lag` commits wait for one watcher.
    package init(store: ReplicatedStore, lag: Int = WatchService.defaultLag) {
        self.store = store
        self.lag = lag
    }

    package func watch(
        request: SwarmWatchRequest,
        response: RPCWriter<SwarmWatchMessage>,
        context: ServerContext
    ) async throws {
        let matcher: WatchMatcher
        do {
            matcher = try WatchMatcher(request)
        } catch {
            throw RPCError(code: .invalidArgument, message: error.description)
        }
        let commits = try await self.commits(for: request)
        try await context.whileConnected {
            try await self.send(commits, matching: matcher, to: response)
        }
    }

    private func send(
        _ commits: CommitFeed,
        matching matcher: WatchMatcher,
        to response: RPCWriter<SwarmWatchMessage>
    ) async throws {
        try await response.write(SwarmWatchMessage())
        for await commit in commits {
            let events = matcher.events(of: commit)
            guard !events.isEmpty else { continue }
            var message = SwarmWatchMessage()
            message.events = events
            message.version.index = commit.index
            try await response.write(message)
        }
        try Task.checkCancellation()
        throw RPCError(
            code: .resourceExhausted,
            message: "the watch fell behind by more than \(self.lag) changes: list again, then watch"
        )
    }

    /// The commits from now on, or those after the version that the watcher has seen.
    private func commits(for request: SwarmWatchRequest) async throws -> CommitFeed {
        guard request.hasResumeFrom else { return await self.store.watch(limit: self.lag).commits }
        let start = request.resumeFrom.index
        // Plain errors of SwarmKit's log, which gRPC sends as UNKNOWN.
        guard start <= (await self.store.committed.index) else {
            throw RPCError(
                code: .unknown,
                message: "versions are out of order: resume_from \(start) is in the future"
            )
        }
        guard let commits = await self.store.watch(after: start, limit: self.lag) else {
            throw RPCError(
                code: .unknown,
                message: "requested index is unavailable due to compaction: "
                    + "resume_from \(start) is too old, list again"
            )
        }
        return commits
    }
}
