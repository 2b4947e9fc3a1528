import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ControlClient

struct LookupTests {
    private let objects = [
        ("abc1", "web"), ("abc2", "db"), ("web9", "cache"), ("d1", "twin"), ("d2", "twin"),
    ]

    private func pick(_ text: String) throws -> String {
        try Lookup.pick(text, kind: "service", from: self.objects, id: \.0, name: \.1).0
    }

    @Test func `an id, a name and a unique start of an id are found, in this order`() throws {
        #expect(try self.pick("abc2") == "abc2")
        #expect(try self.pick("web") == "abc1")
        #expect(try self.pick("we") == "web9")
    }

    @Test func `what is ambiguous or unknown is an error that says so`() {
        #expect(
            throws: ControlError(.ambiguous, "service abc is ambiguous: it means abc1 (web), abc2 (db)")
        ) { try self.pick("abc") }
        #expect(throws: ControlError(.ambiguous, "service twin is ambiguous: it means d1 (twin), d2 (twin)"))
        {
            try self.pick("twin")
        }
        #expect(throws: ControlError(.notFound, "no such service: nix")) { try self.pick("nix") }
        #expect(throws: ControlError.self) { try self.pick("") }
    }

    @Test func `errors become sentences`() {
        let socket = "/nonexistent/swarmd.sock"
        #expect(
            ControlError(RPCError(code: .unavailable, message: "x"), socket: socket).description
                == "cannot reach the daemon at \(socket): no such socket; is `swarmd run` running, with this --socket?"
        )
        let stale = ControlError(RPCError(code: .unknown, message: "update out of sequence"), socket: socket)
        #expect(stale.kind == .outOfSequence)
        let refused = ControlError(RPCError(code: .invalidArgument, message: "name:\nbad"), socket: socket)
        #expect(refused == ControlError(.refused, "name: bad"))
    }
}

struct FeedCatchUpTests {
    private func event(
        _ id: String,
        _ version: UInt64,
        _ action: SwarmWatchActionKind
    ) -> SwarmWatchMessage.Event {
        .with {
            $0.action = action
            $0.object.task = .with {
                $0.id = id
                $0.meta.version.index = version
            }
        }
    }

    @Test func `changes that the listing has are dropped for a while`() {
        let listed = SwarmTask.with {
            $0.id = "a"
            $0.meta.version.index = 7
        }
        let now = ContinuousClock.Instant.now
        var catchUp = FeedCatchUp(
            ClusterListing(cluster: nil, nodes: [], services: [], tasks: [listed]),
            now: now
        )
        let events = [
            self.event("a", 6, .watchActionUpdate), self.event("a", 7, .watchActionUpdate),
            self.event("a", 8, .watchActionUpdate), self.event("b", 1, .watchActionCreate),
            self.event("a", 7, .watchActionRemove),
        ]
        #expect(catchUp.newer(events, now: now) == Array(events[2...]))
        #expect(catchUp.newer(events, now: now + FeedCatchUp.period) == events)
    }
}
