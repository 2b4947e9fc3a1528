import NIOCore
import RaftCore
import SwarmAPI
import SwarmRPC
import Synchronization

/// Writes what waits for a member to its stream, in the moment in which it comes if it comes on the stream's loop.
final class BatchWriter: Sendable {
    /// With so many bytes on their way to the socket it waits: what comes meanwhile shares a batch.
    private static let unsentBytes = 1 << 20

    private struct State {
        /// Whether the loop is going to write.
        var isPlanned = false
        var unsent = 0
    }

    private let link: PeerLink
    private let stream: MessageStream
    private let receipts: LinkReceipts
    private let state = Mutex(State())

    init(_ link: PeerLink, _ stream: MessageStream, _ receipts: LinkReceipts) {
        self.link = link
        self.stream = stream
        self.receipts = receipts
    }

    /// Something waits.
    func wake() {
        if self.stream.loop.inEventLoop { return self.write() }
        let isFirst = self.state.withLock { state in
            defer { state.isPlanned = true }
            return !state.isPlanned
        }
        guard isFirst else { return }
        self.stream.loop.execute {
            self.state.withLock { $0.isPlanned = false }
            self.write()
        }
    }

    /// Writes everything that waits.
    private func write() {
        while self.state.withLock({ $0.unsent < Self.unsentBytes }) {
            let messages = self.link.takeBatch()
            let digests = self.link.takeDigests()
            guard !messages.isEmpty || !digests.isEmpty else { return }
            self.receipts.wrote()
            self.send(messages, digests)
        }
    }

    private func send(_ messages: [RaftCore.Message], _ digests: [SwarmdStateDigest]) {
        let size = messages.reduce(64) { $0 + LinkQueue.size(of: $1) }
        var buffer = self.stream.buffer(capacity: size)
        buffer.write(
            batchFrom: self.link.context.member,
            to: self.link.peer,
            address: self.link.context.address.text,
            messages,
            digests
        )
        let count = buffer.readableBytes
        self.state.withLock { $0.unsent += count }
        self.stream.send(buffer) {
            let wasFull = self.state.withLock { state in
                defer { state.unsent -= count }
                return state.unsent >= Self.unsentBytes
            }
            if wasFull { self.wake() }
        }
    }
}
