package import GRPCCore
import NIOCore
import RaftCore
package import Replication
import Serving
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// Takes the batches that our own managers send.
package struct ReplicationService: SwarmdReplication.SimpleServiceProtocol {
    /// Receipts are for the sender's patience only, so few of them do.
    private static let receiptInterval = Duration.milliseconds(100)

    private let receiver: any RaftReceiver
    private let isDemoted: @Sendable (String) -> Bool

    /// Gives `receiver` what arrives; `isDemoted` says of a node that is no member whether it is known to be no manager
    /// any more.
    package init(
        receiver: any RaftReceiver,
        isDemoted: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.receiver = receiver
        self.isDemoted = isDemoted
    }

    package func exchange(
        request: RPCAsyncSequence<SwarmdRaftBatch, any Error>,
        response: RPCWriter<SwarmdRaftReceipt>,
        context: ServerContext
    ) async throws {
        let arrivals = Arrivals()
        try await context.whileConnected {
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    let sender = Mutex(Sender(peer: context.peer))
                    try await Self.forEach(request) { batch in
                        try sender.withLock { try self.take(batch, of: &$0) }
                        arrivals.add()
                    }
                }
                group.addTask {
                    for await _ in arrivals.wakes {
                        try await response.write(.with { $0.batches = arrivals.count })
                        try await ContinuousClock().sleep(for: Self.receiptInterval)
                    }
                }
                try await group.next()
            }
        }
    }

    /// Has `take` take each batch in the moment in which it is there.
    private static func forEach(
        _ request: RPCAsyncSequence<SwarmdRaftBatch, any Error>,
        _ take: @escaping @Sendable (PeerBatch) throws -> Void
    ) async throws {
        guard let direct = DirectRequests.current else {
            for try await batch in request { try take(PeerBatch(batch)) }
            return
        }
        try await direct.forEach { bytes in
            let batch: PeerBatch
            do { batch = try PeerBatch(reading: bytes) } catch {
                throw RPCError(code: .invalidArgument, message: "raft: this is no batch", cause: error)
            }
            try take(batch)
        }
    }

    private func take(_ batch: PeerBatch, of sender: inout Sender) throws {
        guard batch.to == self.receiver.id else {
            // An address that another member had before. Not `KnownError.removed`: the sender is a member still.
            throw RPCError(
                code: .failedPrecondition,
                message: "raft: these messages are for another member than the one at this address"
            )
        }
        let id = batch.from
        try self.receiver.admit(id, from: sender.peer, isDemoted: self.isDemoted)
        let messages = batch.messages.filter { $0.to == self.receiver.id && $0.from == id }
        // Before what has to be answered.
        if let node = sender.peer.nodeID, let address = sender.resolve(batch.address) {
            let term = messages.map(\.term).max() ?? 0
            self.receiver.learn(id, node: node, at: address, term: term)
        }
        if !messages.isEmpty { self.receiver.receive(messages) }
        if !batch.digests.isEmpty { self.receiver.compare(batch.digests, from: id) }
    }
}

/// Who sends on a stream, and where it says that it listens.
private struct Sender {
    let peer: PeerIdentity
    /// What it said last, and what that means: every batch says it again.
    private var text = ""
    private var address: String?

    init(peer: PeerIdentity) { self.peer = peer }

    /// The address that the sender means by `text`; nil if that is none.
    mutating func resolve(_ text: String) -> String? {
        if text != self.text {
            self.text = text
            self.address = try? JoinAddress.resolve(text, callerHost: self.peer.host)
        }
        return self.address
    }
}

/// How many batches of a stream arrived.
private final class Arrivals: Sendable {
    /// Something when the number grew since it was looked at; for one reader.
    let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let batches = Mutex<UInt64>(0)

    init() { (self.wakes, self.waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    var count: UInt64 { self.batches.withLock { $0 } }

    func add() {
        self.batches.withLock { $0 += 1 }
        self.waker.yield()
    }
}
