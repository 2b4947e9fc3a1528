import GRPCCore
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ControlClient

@Suite(.timeLimit(.minutes(1))) struct FeedConnectionTests {
    @Test func `a feed waits for its daemon, with pauses that grow`() async throws {
        try await FeedBench.make { bench in
            try await bench.following {
                for ceiling in [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000] {
                    #expect(await bench.next() == "connecting")
                    let reason = "cannot reach the daemon at \(bench.socket): no such socket"
                    #expect(await bench.next()?.hasPrefix("lost: \(reason)") == true)
                    let pause = try await bench.pause()
                    #expect(pause <= .milliseconds(ceiling))
                }
            }
        }
    }

    @Test func `a daemon that stops is reported lost, and listed anew when it is back`() async throws {
        try await FeedBench.make { bench in
            try await bench.following {
                #expect(await bench.next() == "connecting")
                #expect(await bench.next()?.hasPrefix("lost: ") == true)
                try await bench.serving {
                    try await bench.pause()
                    let watch = try await bench.begin()
                    watch.commit(6, "a")
                    #expect(await bench.next() == "changed a@6")
                }
                #expect(await bench.next()?.hasPrefix("lost: ") == true)
                #expect(try await bench.pause() == ClusterFeed.shortestPause, "the listing was a success")
                #expect(await bench.next() == "connecting")
                let reason = "cannot reach the daemon at \(bench.socket): no such socket"
                #expect(await bench.next()?.hasPrefix("lost: \(reason)") == true)
                bench.manager.change { $0.tasks = [.version(3, of: "b")] }
                try await bench.serving {
                    try await bench.pause()
                    #expect(await bench.next() == "connecting")
                    let watch = try await bench.list("b@3")
                    watch.commit(4, "b")
                    #expect(await bench.next() == "changed b@4")
                }
            }
        }
    }

    @Test func `a watch that is not confirmed in time gives up the connection`() async throws {
        try await FeedBench.run { bench in
            #expect(await bench.next() == "connecting")
            _ = try await bench.manager.nextWatch()
            try await bench.clock.pass(FeedSession.subscribeLimit...FeedSession.subscribeLimit)
            #expect(await bench.next() == "lost: the daemon at \(bench.socket) did not answer in time")
            try await bench.pause()
            _ = try await bench.begin()
        }
    }

    @Test func `a watch that is refused gives up the connection with the manager's words`() async throws {
        try await FeedBench.run { bench in
            #expect(await bench.next() == "connecting")
            let watch = try await bench.manager.nextWatch()
            watch.fail(RPCError(code: .failedPrecondition, message: "the swarm has no leader"))
            #expect(await bench.next() == "lost: the swarm has no leader")
        }
    }

    @Test func `a listing that is refused gives up the connection with the manager's words`() async throws {
        try await FeedBench.run { bench in
            bench.manager.change {
                $0.listFailure = RPCError(code: .failedPrecondition, message: "the swarm has no leader")
            }
            #expect(await bench.next() == "connecting")
            try await bench.manager.nextWatch().confirm()
            #expect(await bench.next() == "lost: the swarm has no leader")
            bench.manager.change { $0.listFailure = nil }
            try await bench.pause()
            _ = try await bench.begin()
        }
    }

    @Test func `a feed that is cancelled ends its events`() async throws {
        try await FeedBench.make { bench in
            try await bench.serving {
                try await bench.following { _ = try await bench.begin() }
                #expect(await bench.next() == nil)
            }
        }
    }

    @Test func `a feed whose reader is gone ends with the next event`() async throws {
        try await FeedBench.make { bench in
            try await bench.serving {
                async let run: Void = bench.feed.run()
                let watch = try await bench.begin()
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { for await _ in bench.feed.events {} }
                    group.cancelAll()
                }
                watch.commit(6, "a")
                await run
            }
        }
    }

    @Test func `a pause is short again after a success`() {
        var pause = FeedPause()
        var dice = SeededGenerator(seed: 1)
        for _ in 0..<20 {
            let span = pause.next(using: &dice)
            #expect((ClusterFeed.shortestPause...ClusterFeed.longestPause).contains(span))
        }
        pause.reset()
        #expect(pause.next(using: &dice) == ClusterFeed.shortestPause)
    }
}
