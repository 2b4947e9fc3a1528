import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ControlClient

@Suite struct FeedCatchUpTests {
    private func event(
        _ id: String,
        _ version: UInt64,
        _ action: SwarmWatchActionKind
    ) -> SwarmWatchMessage.Event {
        .with {
            $0.action = action
            $0.object.task = .version(version, of: id)
        }
    }

    @Test func `changes that the listing has are dropped, removals never`() {
        let listing = ClusterListing(cluster: nil, nodes: [], services: [], tasks: [.version(7, of: "a")])
        let events = [
            self.event("a", 6, .watchActionUpdate), self.event("a", 7, .watchActionUpdate),
            self.event("a", 8, .watchActionUpdate), self.event("b", 1, .watchActionCreate),
            self.event("a", 7, .watchActionRemove),
        ]
        #expect(FeedCatchUp(listing).newer(events) == Array(events[2...]))
    }
}
