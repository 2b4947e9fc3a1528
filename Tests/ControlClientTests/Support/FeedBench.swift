import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ControlClient

/// A feed and the manager that it follows, on a clock that stands still; events are told in words.
struct FeedBench: Sendable {
    let manager: FakeManager
    let clock: HeldClock
    let feed: ClusterFeed
    let socket: String

    /// Runs `body` with a feed that does not work yet and a manager that does not serve yet.
    static func make(
        _ manager: FakeManager = FakeManager(),
        limit: Int = 64,
        scope: FeedScope = .cluster,
        _ body: @Sendable (FeedBench) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "feed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "s.sock").path
        let clock = HeldClock()
        let feed = ClusterFeed(socket: socket, limit: limit, scope: scope, clock: clock)
        manager.change { $0.tasks = [.version(5, of: "a")] }
        try await body(FeedBench(manager: manager, clock: clock, feed: feed, socket: socket))
    }

    /// Runs `body` with a feed that follows a manager, whose listing is the task "a" at version 5.
    static func run(
        _ manager: FakeManager = FakeManager(),
        limit: Int = 64,
        scope: FeedScope = .cluster,
        _ body: @Sendable @escaping (FeedBench) async throws -> Void
    ) async throws {
        try await Self.make(manager, limit: limit, scope: scope) { bench in
            try await bench.serving { try await bench.following { try await body(bench) } }
        }
    }

    /// Has the manager serve while `body` runs.
    func serving(_ body: @Sendable () async throws -> Void) async throws {
        try await self.manager.serve(at: self.socket, body)
    }

    /// Has the feed work while `body` runs.
    func following(_ body: @Sendable () async throws -> Void) async throws {
        let feed = self.feed
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await feed.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    /// The next event, in words; nil after the feed's end.
    func next() async -> String? {
        for await event in self.feed.events { return Self.words(event) }
        return nil
    }

    /// Follows the feed to its first listing.
    func begin() async throws -> OpenWatch {
        #expect(await self.next() == "connecting")
        return try await self.list("a@5")
    }

    /// Confirms the next watch, which must be a plain one, and expects the listing after it.
    func list(_ objects: String) async throws -> OpenWatch {
        let watch = try await self.manager.nextWatch()
        #expect(watch.resumesFrom == nil)
        watch.confirm()
        #expect(await self.next() == "listed \(objects)")
        return watch
    }

    /// Lets the feed's present pause pass, and returns how long it was.
    @discardableResult
    func pause() async throws -> Duration {
        try await self.clock.pass(ClusterFeed.shortestPause...ClusterFeed.longestPause)
    }

    private static func words(_ event: FeedEvent) -> String {
        switch event {
        case .connecting: "connecting"
        case .listed(let listing): "listed \(Self.words(listing))"
        case .changed(let events): "changed \(events.map(Self.words).joined(separator: " "))"
        case .status(let status): "status \(status.hostname)"
        case .lost(let reason): "lost: \(reason)"
        }
    }

    private static func words(_ listing: ClusterListing) -> String {
        var objects: [SwarmObject.OneOf_Object] = listing.cluster.map { [.cluster($0)] } ?? []
        objects += listing.nodes.map { .node($0) }
        objects += listing.services.map { .service($0) }
        objects += listing.tasks.map { .task($0) }
        return objects.map(Self.words).joined(separator: " ")
    }

    /// "+a@7" for a creation, "a@8" for an update, "-a@8" for a removal.
    private static func words(_ event: SwarmWatchMessage.Event) -> String {
        let object = event.object.object.map(Self.words) ?? "something"
        return switch event.action {
        case .watchActionCreate: "+\(object)"
        case .watchActionUpdate: object
        case .watchActionRemove: "-\(object)"
        case .watchActionUnknown, .UNRECOGNIZED: "?\(object)"
        }
    }

    private static func words(_ object: SwarmObject.OneOf_Object) -> String {
        switch object {
        case .cluster(let cluster): "\(cluster.id)@\(cluster.meta.version.index)"
        case .node(let node): "\(node.id)@\(node.meta.version.index)"
        case .service(let service): "\(service.id)@\(service.meta.version.index)"
        case .task(let task): "\(task.id)@\(task.meta.version.index)"
        default: "something"
        }
    }
}
