import Logging
import RaftCore
import SwarmAPI
import Synchronization

/// The way to one other member: what waits for it, and the connection that is made again and again.
///
/// Messages are kept only while a connection is open; a new connection starts with nothing.
final class PeerLink: Sendable {
    /// Wakes who writes to an open connection.
    struct Wakers {
        let messages: @Sendable () -> Void
        let snapshots: @Sendable () -> Void
    }

    private struct State {
        var queue: LinkQueue
        var digests: DigestQueue
        /// The newest message with a snapshot that nobody carries yet.
        var snapshot: Message?
        /// Nil while there is no connection.
        var wakers: Wakers?
        /// When the member was last reported as unreachable.
        var reported: ContinuousClock.Instant?
    }

    let peer: RaftID
    let address: String
    let context: LinkContext
    private let state: Mutex<State>
    private let ended: AsyncStream<Void>
    private let ending: AsyncStream<Void>.Continuation

    init(to peer: RaftID, at address: String, _ context: LinkContext, digests: DigestQueue) {
        self.peer = peer
        self.address = address
        self.context = context
        self.state = Mutex(State(queue: LinkQueue(context.limits), digests: digests))
        (self.ended, self.ending) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Whether there is a connection that the member uses.
    var isOpen: Bool { self.state.withLock { $0.wakers != nil } }

    /// Sends the messages, or drops those for which there is no way or no room.
    func send(_ messages: [Message]) {
        var hasLost = false
        let (wakers, undelivered) = self.state.withLock { state in
            var undelivered = false
            for message in messages {
                if message.kind != .snapshot {
                    if state.wakers == nil || !state.queue.append(message) { hasLost = true }
                } else if state.wakers == nil {
                    undelivered = true
                } else {
                    state.snapshot = message
                }
            }
            return (state.wakers, undelivered)
        }
        wakers?.messages()
        if messages.contains(where: { $0.kind == .snapshot }) { wakers?.snapshots() }
        if undelivered { self.report(.snapshot(self.peer, delivered: false)) }
        if hasLost { self.reportUnreachable() }
    }

    /// Sends what the own store amounts to, now or when there is a connection.
    func share(_ digest: SwarmdStateDigest) {
        let wakers = self.state.withLock { state in
            state.digests.add(digest)
            return state.wakers
        }
        wakers?.messages()
    }

    /// Connects again and again until it is cancelled or `end` is called.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await self.keepConnected() }
            group.addTask { for await _ in self.ended {} }
            await group.next()
        }
    }

    /// Ends `run`.
    func end() { self.ending.finish() }

    private func keepConnected() async {
        let limits = self.context.limits
        var pause = limits.firstPause
        // A connection was open and broke, and the reason is not known yet.
        var isBroken = false
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let failure = await self.connect()
            let wasOpen = self.close()
            guard !Task.isCancelled else { return }
            switch failure {
            case .removed: self.report(.removed(by: self.peer))
            case .refused where isBroken && !wasOpen: self.report(.died(self.peer))
            case .refused, .broken: self.reportUnreachable()
            }
            isBroken = wasOpen || (isBroken && failure != .refused)
            if wasOpen, start.duration(to: .now) > limits.longestPause {
                // It served for a while: what became of the member shows when it is dialled at once.
                pause = limits.firstPause
                continue
            }
            try? await ContinuousClock().sleep(for: pause)
            pause = min(limits.longestPause, pause * 2)
        }
    }

    /// Connects once; returns when that is over.
    private func connect() async -> LinkFailure {
        do {
            try await LinkSession(self).run()
            return .broken("the member ended the stream")
        } catch {
            return LinkFailure(error)
        }
    }
}

// MARK: - For the connection

extension PeerLink {
    /// Messages go to the connection that `wakers` belong to from now on.
    func open(_ wakers: Wakers) {
        let hasDigests = self.state.withLock { state in
            state.wakers = wakers
            state.digests.restart()
            return state.digests.isDue
        }
        if hasDigests { wakers.messages() }
        self.context.log.info("reached a member of the group", metadata: self.metadata)
    }

    /// Takes the oldest messages, as many as go into a batch.
    func takeBatch() -> [Message] {
        self.state.withLock { $0.queue.take(self.context.limits.batchBytes) }
    }

    /// Takes the digests that wait.
    func takeDigests() -> [SwarmdStateDigest] { self.state.withLock { $0.digests.take() } }

    /// Takes the message with a snapshot that waits.
    func takeSnapshot() -> Message? {
        self.state.withLock { state in
            defer { state.snapshot = nil }
            return state.snapshot
        }
    }

    /// Says what happened.
    func report(_ report: PeerReport) { self.context.reports.yield(report) }

    /// Says that messages are lost, unless that was said a moment ago.
    func reportUnreachable() {
        let interval = self.context.limits.reportInterval
        let isDue = self.state.withLock { state in
            let now = ContinuousClock.now
            if let reported = state.reported, now < reported + interval { return false }
            state.reported = now
            return true
        }
        if isDue { self.report(.unreachable(self.peer)) }
    }

    /// For the log.
    var metadata: Logger.Metadata {
        ["member": "\(String(self.peer.rawValue, radix: 16))", "address": "\(self.address)"]
    }

    /// Drops what waits; returns whether the connection was open.
    private func close() -> Bool {
        let (wasOpen, snapshot) = self.state.withLock { state in
            defer {
                state.wakers = nil
                state.snapshot = nil
                state.queue.clear()
            }
            return (state.wakers != nil, state.snapshot)
        }
        if snapshot != nil { self.report(.snapshot(self.peer, delivered: false)) }
        if wasOpen { self.context.log.info("lost a member of the group", metadata: self.metadata) }
        return wasOpen
    }
}
