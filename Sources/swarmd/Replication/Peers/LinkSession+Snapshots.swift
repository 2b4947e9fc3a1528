import GRPCCore
import Logging
import RaftCore
import SwarmAPI
import SwarmRPC

// Snapshots go beside the other messages, one at a time, on connections of their own.
extension LinkSession {
    /// Sends the snapshots that are asked for until it is cancelled.
    func carrySnapshots(_ wakes: AsyncStream<Void>) async throws {
        for await _ in wakes {
            guard let message = self.link.takeSnapshot() else { continue }
            let wasDelivered = await self.carry(message)
            self.link.report(.snapshot(self.link.peer, delivered: wasDelivered))
        }
        try Task.checkCancellation()
    }

    private func carry(_ message: Message) async -> Bool {
        let log = self.link.context.log
        do {
            let wanted = message.snapshot?.index ?? 0
            guard let snapshot = try await self.link.context.snapshot(message), snapshot.index >= wanted
            else {
                log.warning("there is no snapshot that a member needs", metadata: self.link.metadata)
                return false
            }
            guard snapshot.names(self.link.peer) else {
                // The member would ignore it; one that names it is made when it comes into the group.
                log.debug("the snapshot is older than a member", metadata: self.link.metadata)
                return false
            }
            let parts = try SnapshotParts(message, snapshot, partBytes: self.link.context.limits.partBytes)
            try await self.withClient { try await self.transfer(snapshot, parts, $0) }
            log.info("a member got a snapshot", metadata: self.link.metadata)
            return true
        } catch {
            log.info("a snapshot did not arrive", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Sends the parts; gives up when one of them takes too long.
    private func transfer(
        _ snapshot: SnapshotSource,
        _ parts: SnapshotParts,
        _ client: Client
    ) async throws {
        let limit = self.link.context.limits.call
        let watch = LinkWatch(limit)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await watch.run(every: limit) }
            group.addTask {
                _ = try await SwarmRaft.Client(wrapping: client).streamRaftMessage { writer in
                    while let bytes = try await snapshot.next() {
                        for part in parts.cut(bytes) {
                            try await writer.write(part)
                            watch.extend(limit)
                        }
                    }
                }
            }
            try await group.next()
        }
    }
}
