import GRPCCore
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// A feed over one connection: the watch and the status stream, begun again as often as needed.
///
/// The watch is asked for first; the listing is taken after the empty message that confirms it, so that no
/// change falls between them.
struct FeedSession: Sendable {
    /// How long the confirmation of a watch is waited for.
    static let subscribeLimit = Duration.seconds(10)

    let client: ControlClient
    let scope: FeedScope
    let continuation: AsyncStream<FeedEvent>.Continuation
    let record: FeedRecord
    let clock: any Clock<Duration>

    /// The reader has not kept up; the events from here on would have a gap.
    private struct Lagged: Error {}
    /// A call beside the watch failed; the connection is given up.
    private struct Broken: Error { var error: any Error }

    /// Works until the connection fails or the task is cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.followObjects() }
            if self.scope == .cluster { group.addTask { try await self.followStatus() } }
            while try await group.next() != nil {}
        }
    }

    // MARK: - Objects

    private func followObjects() async throws {
        var pause = FeedPause()
        var dice = SystemRandomNumberGenerator()
        var resumeFrom: UInt64?
        while true {
            let before = self.record.version
            resumeFrom = try await self.watch(resumingFrom: resumeFrom)
            try Task.checkCancellation()
            if self.record.version > before { pause.reset() }
            try await self.clock.sleep(for: pause.next(using: &dice))
        }
    }

    /// Watches until the stream ends; returns the version to resume from, nil to list anew.
    private func watch(resumingFrom version: UInt64?) async throws -> UInt64? {
        self.record.begin()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.guardSubscription() }
                group.addTask {
                    try await self.readWatch(resumingFrom: version)
                    throw Ended()
                }
                while try await group.next() != nil {}
            }
            return nil
        } catch is Lagged {
            return nil
        } catch let broken as Broken {
            throw broken.error
        } catch is Ended {
            return self.record.version > 0 ? self.record.version : nil
        } catch let error as RPCError where !Self.isFatal(error) {
            // A watch that was confirmed and then cut off by the manager lagged there: resume. One that was
            // refused cannot be resumed: list. A plain watch that is refused is a failure.
            if self.record.isSubscribed { return self.record.version > 0 ? self.record.version : nil }
            if version != nil { return nil }
            throw error
        }
    }

    /// The manager ended the watch in good order.
    private struct Ended: Error {}

    /// Whether an error says that the connection or the whole service is gone.
    private static func isFatal(_ error: RPCError) -> Bool {
        switch error.code {
        case .unavailable, .deadlineExceeded, .cancelled, .unimplemented, .permissionDenied, .unauthenticated:
            true
        default: false
        }
    }

    /// Fails when the watch is not confirmed in time.
    private func guardSubscription() async throws {
        try await self.clock.sleep(for: Self.subscribeLimit)
        guard !self.record.isSubscribed else { return }
        throw RPCError(code: .deadlineExceeded, message: "the watch was not confirmed")
    }

    private func readWatch(resumingFrom version: UInt64?) async throws {
        let request = FeedRequests.watch(self.scope, resumingFrom: version)
        try await self.client.watch.watch(request, options: ControlClient.streamOptions) { response in
            for try await message in response.messages {
                if !self.record.isSubscribed {
                    self.record.subscribed()
                    if version == nil { try await self.list() }
                }
                try self.handOut(message)
            }
        }
    }

    private func handOut(_ message: SwarmWatchMessage) throws {
        let events = self.record.newer(message.events)
        if !events.isEmpty { try self.emit(.changed(events)) }
        if message.hasVersion { self.record.reached(message.version.index) }
    }

    /// Lists everything in scope and hands it out.
    private func list() async throws {
        let listing: ClusterListing
        do {
            listing = try await FeedRequests.list(self.scope, with: self.client)
        } catch {
            throw Broken(error: error)
        }
        try self.emit(.listed(listing))
        self.record.listed(listing)
    }

    // MARK: - Status

    private func followStatus() async throws {
        var pause = FeedPause()
        var dice = SystemRandomNumberGenerator()
        while true {
            do {
                try await self.client.console.status(.init(), options: ControlClient.streamOptions) {
                    response in
                    for try await status in response.messages { try self.emit(.status(status)) }
                }
            } catch let error as RPCError where error.code == .unimplemented {
                // A Docker manager has no console service: the objects alone are followed.
                return
            } catch let error as RPCError where !Self.isFatal(error) {
                // Asked for again below; its first message has all.
            } catch is Lagged {
                // Likewise.
            }
            try Task.checkCancellation()
            try await self.clock.sleep(for: pause.next(using: &dice))
        }
    }

    private func emit(_ event: FeedEvent) throws {
        switch self.continuation.yield(event) {
        case .enqueued: return
        case .terminated: throw CancellationError()
        case .dropped: throw Lagged()
        @unknown default: throw Lagged()
        }
    }
}
