import RaftCore
import Replication
import Synchronization

/// Carries the messages between members of one process.
///
/// Messages pass as they are: what a wire costs is measured through the API, and left out here.
final class MemoryNetwork: Sendable {
    /// Batches of messages on their way to a member; what comes beyond is lost, as on a network.
    private static let limit = 4_096

    private let inboxes = Mutex<[RaftID: AsyncStream<[Message]>.Continuation]>([:])

    /// Delivers to `member` until it is cancelled.
    func deliver(to member: GroupProposer) async {
        let (inbox, posting) = AsyncStream.makeStream(
            of: [Message].self,
            bufferingPolicy: .bufferingOldest(Self.limit)
        )
        self.inboxes.withLock { $0[member.id] = posting }
        for await messages in inbox { member.receive(messages) }
    }

    /// Puts messages on their way; false if they were lost.
    func post(_ messages: [Message], to member: RaftID) -> Bool {
        guard let inbox = self.inboxes.withLock({ $0[member] }) else { return false }
        if case .enqueued = inbox.yield(messages) { return true }
        return false
    }
}
