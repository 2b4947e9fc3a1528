import Primitives

/// Follows a cluster by push: lists once, then watches; lists again when it lagged or was cut off.
///
/// It never gives up: a lost connection is tried again with back-off from 0.25 s to 5 s. A reader that falls
/// `limit` events behind gets no more changes until a new listing fits.
package struct ClusterFeed: Sendable {
    /// The shortest pause before another attempt.
    static let shortestPause = Duration.milliseconds(250)
    /// The longest pause before another attempt.
    static let longestPause = Duration.seconds(5)

    package let events: AsyncStream<FeedEvent>
    private let continuation: AsyncStream<FeedEvent>.Continuation
    private let socket: String
    private let scope: FeedScope
    private let clock: any Clock<Duration>

    /// Follows the manager whose socket is at `socket`; at most `limit` events wait for the reader.
    ///
    /// Pauses and time limits pass on `clock`.
    package init(
        socket: String,
        limit: Int,
        scope: FeedScope = .cluster,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        precondition(limit >= 4, "a feed's limit of \(limit) leaves no room for a connection's first events")
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        self.socket = socket
        self.scope = scope
        self.clock = clock
    }

    /// Works until it is cancelled or its reader is gone; `events` ends with it.
    package func run() async {
        defer { self.continuation.finish() }
        var pause = FeedPause()
        var dice = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            let outcome = await self.connect()
            guard case .lost(let reason, let hadListed) = outcome else { return }
            if case .terminated = self.continuation.yield(.lost(reason: reason)) { return }
            if hadListed { pause.reset() }
            guard (try? await self.clock.sleep(for: pause.next(using: &dice))) != nil else { return }
        }
    }

    private enum Outcome {
        case lost(reason: String, hadListed: Bool)
        case ended
    }

    /// Follows over one connection until it fails.
    private func connect() async -> Outcome {
        if case .terminated = self.continuation.yield(.connecting) { return .ended }
        let record = FeedRecord()
        do {
            try await ControlClient.withConnection(to: self.socket) { client in
                let session = FeedSession(
                    client: client,
                    scope: self.scope,
                    continuation: self.continuation,
                    record: record,
                    clock: self.clock
                )
                try await session.run()
            }
            return .ended
        } catch is CancellationError {
            return .ended
        } catch {
            guard !Task.isCancelled else { return .ended }
            return .lost(reason: "\(error)", hadListed: record.hasListed)
        }
    }
}

/// The growing pause between attempts: jittered, and never shorter than `ClusterFeed.shortestPause`.
struct FeedPause: Sendable {
    private var backoff = Backoff(base: ClusterFeed.shortestPause, limit: ClusterFeed.longestPause)

    mutating func next(using dice: inout some RandomNumberGenerator) -> Duration {
        max(ClusterFeed.shortestPause, self.backoff.next(using: &dice))
    }

    mutating func reset() { self.backoff.reset() }
}
