import SwarmAPI
import SwiftProtobuf
import Synchronization

/// What a feed knows about its present subscription.
final class FeedRecord: Sendable {
    private struct State {
        var isSubscribed = false
        var hasListed = false
        var version: UInt64 = 0
        var catchUp: FeedCatchUp?
    }

    private let state = Mutex(State())

    /// Whether a listing was handed out over this connection.
    var hasListed: Bool { self.state.withLock { $0.hasListed } }
    /// Whether the present watch was confirmed.
    var isSubscribed: Bool { self.state.withLock { $0.isSubscribed } }
    /// The version up to which changes were handed out; zero when unknown.
    var version: UInt64 { self.state.withLock { $0.version } }

    /// A watch is about to be asked for.
    func begin() { self.state.withLock { $0.isSubscribed = false } }

    /// The watch is confirmed.
    func subscribed() { self.state.withLock { $0.isSubscribed = true } }

    /// A listing was handed out; what came before no longer matters.
    func listed(_ listing: ClusterListing) {
        let catchUp = FeedCatchUp(listing)
        self.state.withLock {
            $0.hasListed = true
            $0.version = 0
            $0.catchUp = catchUp
        }
    }

    /// The events that tell more than the listing of this connection.
    func newer(_ events: [SwarmWatchMessage.Event]) -> [SwarmWatchMessage.Event] {
        self.state.withLock { $0.catchUp }?.newer(events) ?? events
    }

    /// Changes up to `version` were handed out.
    func reached(_ version: UInt64) { self.state.withLock { $0.version = max($0.version, version) } }
}
