import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ControlClient

@Suite(.timeLimit(.minutes(1))) struct ClusterFeedTests {
    // MARK: - Listing and following

    @Test func `a feed lists everything when its watch has begun, and is live`() async throws {
        try await FeedBench.run { bench in
            #expect(await bench.next() == "connecting")
            let watch = try await bench.manager.nextWatch()
            #expect(
                watch.request.entries.map(\.kind) == [
                    "cluster", "node", "service", "task", "network", "secret", "config",
                ]
            )
            #expect(watch.resumesFrom == nil)
            bench.manager.change {
                $0.clusters = [.with { $0.id = "c" }]
                $0.nodes = [.with { $0.id = "n" }]
                $0.services = [.with { $0.id = "s" }]
                $0.tasks = [.version(7, of: "a"), .version(6, of: "b")]
            }
            watch.confirm()
            #expect(await bench.next() == "listed c@0 n@0 s@0 a@7 b@6")
            watch.commit(8, "d", action: .watchActionCreate)
            watch.commit(9, "a", "b")
            watch.commit(10, "d", action: .watchActionRemove)
            #expect(await bench.next() == "changed +d@8")
            #expect(await bench.next() == "changed a@9 b@9")
            #expect(await bench.next() == "changed -d@10")
        }
    }

    @Test func `a feed of one service asks for it, its tasks and the nodes, and for no status`() async throws
    {
        let manager = FakeManager()
        try await FeedBench.run(manager, scope: .service(id: "s")) { bench in
            let watch = try await bench.begin()
            #expect(watch.request.entries.map(\.kind) == ["node", "service", "task"])
            #expect(watch.request.entries.map { $0.filters.first?.by } == [nil, .id("s"), .serviceID("s")])
            #expect(bench.manager.read { $0.serviceRequests.map(\.filters.idPrefixes) } == [["s"]])
            #expect(bench.manager.read { $0.taskRequests.map(\.filters.serviceIds) } == [["s"]])
            #expect(bench.manager.read(\.statusRequests) == 0)
        }
    }

    @Test func `changes that the listing has already are not told`() async throws {
        try await FeedBench.run { bench in
            let watch = try await bench.begin()
            watch.commit(4, "a")
            watch.commit(5, "a", "b")
            watch.commit(6, "a")
            #expect(await bench.next() == "changed b@5")
            #expect(await bench.next() == "changed a@6")
        }
    }

    @Test func `an event of an unknown kind does no harm`() async throws {
        let unknown = try SwarmObject(serializedBytes: [0xFA, 0x01, 0x00] as [UInt8])
        try await FeedBench.run { bench in
            let watch = try await bench.begin()
            watch.send(
                .with {
                    $0.version.index = 6
                    $0.events = [
                        .with {
                            $0.action = .UNRECOGNIZED(64)
                            $0.object = unknown
                        }
                    ]
                }
            )
            watch.commit(7, "a")
            #expect(await bench.next() == "changed ?something")
            #expect(await bench.next() == "changed a@7")
        }
    }

    // MARK: - Resuming

    @Test(arguments: [nil, RPCError(code: .resourceExhausted, message: "the watch fell behind")])
    func `a watch that ends is resumed from the last version without a listing`(
        error: RPCError?
    ) async throws {
        try await FeedBench.run { bench in
            let first = try await bench.begin()
            first.commit(6, "a")
            #expect(await bench.next() == "changed a@6")
            if let error { first.fail(error) } else { first.end() }
            try await bench.pause()
            let second = try await bench.manager.nextWatch()
            #expect(second.resumesFrom == 6)
            second.confirm()
            second.commit(7, "a")
            #expect(await bench.next() == "changed a@7")
            #expect(bench.manager.read(\.taskRequests.count) == 1)
        }
    }

    @Test func `a watch that ends before its first change is begun anew with a listing`() async throws {
        try await FeedBench.run { bench in
            try await bench.begin().end()
            try await bench.pause()
            _ = try await bench.list("a@5")
        }
    }

    @Test func `a version that is too old to resume from leads to a new listing`() async throws {
        try await FeedBench.run { bench in
            let first = try await bench.begin()
            first.commit(6, "a")
            #expect(await bench.next() == "changed a@6")
            first.end()
            try await bench.pause()
            let refused = try await bench.manager.nextWatch()
            #expect(refused.resumesFrom == 6)
            bench.manager.change { $0.tasks = [.version(90, of: "b")] }
            refused.fail(RPCError(code: .unknown, message: "resume_from 6 is too old, list again"))
            try await bench.pause()
            let third = try await bench.list("b@90")
            third.commit(91, "b")
            #expect(await bench.next() == "changed b@91")
        }
    }

    @Test func `a resumed watch does not tell what was listed again`() async throws {
        try await FeedBench.run { bench in
            bench.manager.change { $0.tasks = [.version(8, of: "a")] }
            #expect(await bench.next() == "connecting")
            let first = try await bench.list("a@8")
            first.commit(6, "a", "b")
            #expect(await bench.next() == "changed b@6")
            first.end()
            try await bench.pause()
            let second = try await bench.manager.nextWatch()
            #expect(second.resumesFrom == 6)
            second.confirm()
            second.commit(7, "a")
            second.commit(8, "a")
            second.commit(9, "a")
            #expect(await bench.next() == "changed a@9")
        }
    }

    // MARK: - A reader that falls behind

    @Test func `a burst that does not fit leads to a new listing`() async throws {
        try await FeedBench.run(limit: 4) { bench in
            let first = try await bench.manager.nextWatch()
            first.confirm()
            for index: UInt64 in 6...9 { first.commit(index, "a") }
            try await bench.pause()
            let told = [await bench.next(), await bench.next(), await bench.next(), await bench.next()]
            #expect(told == ["connecting", "listed a@5", "changed a@6", "changed a@7"])
            bench.manager.change { $0.tasks = [.version(9, of: "a")] }
            let second = try await bench.list("a@9")
            second.commit(10, "a")
            #expect(await bench.next() == "changed a@10")
        }
    }

    @Test func `a listing that does not fit is taken again`() async throws {
        try await FeedBench.run(limit: 4) { bench in
            let first = try await bench.manager.nextWatch()
            first.confirm()
            for index: UInt64 in 6...8 { first.commit(index, "a") }
            try await bench.pause()
            try await bench.manager.nextWatch().confirm()
            try await bench.pause()
            for told in ["connecting", "listed a@5", "changed a@6", "changed a@7"] {
                #expect(await bench.next() == told)
            }
            _ = try await bench.list("a@5")
            #expect(bench.manager.read(\.taskRequests.count) == 3)
        }
    }

    // MARK: - The manager's status

    @Test func `the manager's status is handed out, and asked for again when it ends`() async throws {
        try await FeedBench.run { bench in
            _ = try await bench.begin()
            let first = try await bench.manager.nextStatus()
            first.send(.with { $0.hostname = "m1" })
            #expect(await bench.next() == "status m1")
            first.end()
            try await bench.pause()
            let second = try await bench.manager.nextStatus()
            second.send(.with { $0.hostname = "m2" })
            #expect(await bench.next() == "status m2")
        }
    }

    @Test func `a manager without a console is followed all the same`() async throws {
        try await FeedBench.run(FakeManager(hasConsole: false)) { bench in
            let watch = try await bench.begin()
            watch.commit(6, "a")
            #expect(await bench.next() == "changed a@6")
        }
    }
}
