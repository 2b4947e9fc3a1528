import GRPCCore
import Logging
import NIOCore
import RaftCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// One connection to a member, from dialling to its end.
///
/// Our own managers take batches over one stream, alone on its connection. One that does not know it is SwarmKit's, and
/// gets each message in a call of its own, as long as the connection lasts.
struct LinkSession: Sendable {
    /// The calls of a connection are over the same client.
    typealias Client = ManagerConnection.Client

    let link: PeerLink
    private let watch: LinkWatch
    private let receipts: LinkReceipts

    init(_ link: PeerLink) {
        self.link = link
        self.watch = LinkWatch(link.context.limits.connecting)
        self.receipts = LinkReceipts(self.watch, limit: link.context.limits.receipt)
    }

    private var limits: LinkLimits { self.link.context.limits }

    /// Returns or throws when the connection is over.
    func run() async throws {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.watch.run(every: self.limits.receipt / 4) }
            group.addTask { try await self.carryMessages(snapshots: waker) }
            group.addTask { try await self.carrySnapshots(wakes) }
            try await group.next()
        }
    }

    private func carryMessages(snapshots: AsyncStream<Void>.Continuation) async throws {
        do {
            try await self.exchange(snapshots: snapshots)
        } catch let error as RPCError where error.code == .unimplemented {
            self.watch.extend(self.limits.connecting)
            try await self.withClient { try await self.call($0, snapshots: snapshots) }
        }
    }

    /// Runs `body` with a connection for calls of SwarmKit's services.
    func withClient(_ body: @escaping @Sendable (Client) async throws -> Void) async throws {
        try await ManagerConnection.withClient(
            to: ServerAddress(self.link.address),
            security: self.link.context.security,
            within: self.limits.connecting,
            on: self.link.context.loop,
            body
        )
    }

    private func exchange(snapshots: AsyncStream<Void>.Continuation) async throws {
        try await MessageStream.withCall(
            of: SwarmdReplication.Method.Exchange.descriptor,
            to: ServerAddress(self.link.address),
            security: self.link.context.security,
            within: self.limits.connecting,
            on: self.link.context.loop,
            receive: { [receipts = self.receipts] bytes in
                let receipt = try? SwarmdRaftReceipt(serializedBytes: Array(bytes.readableBytesView))
                receipts.arrived(receipt?.batches ?? 0)
            },
            { stream in
                try await stream.accepted()
                self.watch.extend(nil)
                let writer = BatchWriter(self.link, stream, self.receipts)
                self.link.open(.init(messages: { writer.wake() }, snapshots: { snapshots.yield() }))
                try await stream.ended()
            }
        )
    }

    /// Sends each message in a call of its own, one after the other (SwarmKit `transport/peer.go`).
    private func call(_ client: Client, snapshots: AsyncStream<Void>.Continuation) async throws {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let raft = SwarmRaft.Client(wrapping: client)
        var options = CallOptions.defaults
        options.timeout = self.limits.call
        self.watch.extend(nil)
        self.link.open(.init(messages: { waker.yield() }, snapshots: { snapshots.yield() }))
        for await _ in wakes {
            while true {
                let messages = self.link.takeBatch()
                if messages.isEmpty { break }
                for message in messages { try await self.send(message, raft, options) }
            }
        }
    }

    private func send(
        _ message: RaftCore.Message,
        _ raft: SwarmRaft.Client<ManagerConnection.Transport>,
        _ options: CallOptions
    ) async throws {
        var request = SwarmStreamRaftMessageRequest()
        request.message = RaftWire.encode(message)
        let whole = request
        do {
            _ = try await raft.streamRaftMessage(
                options: options,
                requestProducer: { try await $0.write(whole) }
            )
        } catch let error as RPCError
            where ![.unavailable, .deadlineExceeded, .cancelled, .notFound].contains(error.code)
        {
            // The connection is sound; only this message did not please.
            self.link.context.log.debug("a member refused a message", metadata: ["error": "\(error)"])
            self.link.reportUnreachable()
        }
    }
}
