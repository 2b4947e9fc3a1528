import GRPCCore
import Logging
import RaftCore
import SwarmAPI
import SwarmRPC

/// One connection to a member, from dialling to its end.
///
/// Our own managers take batches over one stream. One that does not know it is SwarmKit's, and gets each
/// message in a call of its own, as long as the connection lasts.
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
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.watch.run(every: self.limits.receipt / 4) }
            group.addTask {
                try await ManagerConnection.withClient(
                    to: ServerAddress(self.link.address),
                    security: self.link.context.security,
                    within: self.limits.connecting,
                    on: self.link.context.loop
                ) { try await self.serve($0) }
            }
            try await group.next()
        }
    }

    private func serve(_ client: Client) async throws {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.carryMessages(client, snapshots: waker) }
            group.addTask { try await self.carrySnapshots(client, wakes) }
            try await group.next()
        }
    }

    private func carryMessages(_ client: Client, snapshots: AsyncStream<Void>.Continuation) async throws {
        do {
            try await self.exchange(client, snapshots: snapshots)
        } catch let error as RPCError where error.code == .unimplemented {
            try await self.call(client, snapshots: snapshots)
        }
    }

    private func exchange(_ client: Client, snapshots: AsyncStream<Void>.Continuation) async throws {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let replication = SwarmdReplication.Client(wrapping: client)
        try await replication.exchange(
            requestProducer: { writer in
                for await _ in wakes { try await self.write(to: writer) }
            },
            onResponse: { response in
                _ = try response.accepted.get()
                self.watch.extend(nil)
                self.link.open(.init(messages: waker, snapshots: snapshots))
                for try await receipt in response.messages { self.receipts.arrived(receipt.batches) }
            }
        )
    }

    /// Writes everything that waits.
    private func write(to writer: RPCWriter<SwarmdRaftBatch>) async throws {
        while true {
            let messages = self.link.takeBatch()
            let digests = self.link.takeDigests()
            guard !messages.isEmpty || !digests.isEmpty else { return }
            self.receipts.wrote()
            var batch = SwarmdRaftBatch()
            batch.from = self.link.context.member.rawValue
            batch.to = self.link.peer.rawValue
            batch.address = self.link.context.address.text
            batch.messages = messages.map(RaftWire.encode)
            batch.digests = digests
            try await writer.write(batch)
        }
    }

    /// Sends each message in a call of its own, one after the other (SwarmKit `transport/peer.go`).
    private func call(_ client: Client, snapshots: AsyncStream<Void>.Continuation) async throws {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let raft = SwarmRaft.Client(wrapping: client)
        var options = CallOptions.defaults
        options.timeout = self.limits.call
        self.watch.extend(nil)
        self.link.open(.init(messages: waker, snapshots: snapshots))
        for await _ in wakes {
            while true {
                let messages = self.link.takeBatch()
                if messages.isEmpty { break }
                for message in messages { try await self.send(message, raft, options) }
            }
        }
    }

    private func send(
        _ message: Message,
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
