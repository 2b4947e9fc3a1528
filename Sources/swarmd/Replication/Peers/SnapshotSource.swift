import Dispatch
import RaftCore
package import SwarmAPI
import Synchronization

/// A snapshot that goes to a member: what it stands for, and its bytes part by part.
package struct SnapshotSource: Sendable {
    package let term: UInt64
    package let index: UInt64
    /// Who votes and who learns at `index`; empty where the snapshot does not say it.
    package let configuration: RaftConfState
    private let read: @Sendable () async throws -> [UInt8]?

    /// Gives a snapshot that is in memory, in one part.
    package init(_ snapshot: StoredSnapshot) {
        self.term = snapshot.term
        self.index = snapshot.index
        self.configuration = snapshot.configuration
        let rest = Rest<[UInt8]?>(snapshot.bytes)
        self.read = {
            rest.value.withLock { bytes in
                defer { bytes = nil }
                return bytes
            }
        }
    }

    /// Gives what `reader` reads, on `queue`.
    init(_ reader: SnapshotReader, on queue: DispatchQueue) {
        self.term = reader.term
        self.index = reader.index
        self.configuration = reader.configuration
        let rest = Rest(reader)
        self.read = {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { @Sendable in
                    continuation.resume(with: Result { try rest.value.withLock { try $0.next() } })
                }
            }
        }
    }

    /// Whether `member` is in the group that the snapshot names; one that names none may be for anybody.
    func names(_ member: RaftID) -> Bool {
        let group = self.configuration
        guard !group.voters.isEmpty else { return true }
        let members = group.voters + group.learners + group.votersOutgoing + group.learnersNext
        return members.contains(member.rawValue)
    }

    /// The next bytes; nil after the last ones.
    func next() async throws -> [UInt8]? { try await self.read() }
}

/// What was not given yet.
private final class Rest<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }
}
