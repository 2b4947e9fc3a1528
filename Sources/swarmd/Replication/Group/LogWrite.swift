package import RaftCore
package import ReplicatedStore

/// Something that must be on disk before others may rely on it.
package struct LogWrite: Sendable {
    /// The newest hard state; nil when it did not change.
    package var hardState: HardState?
    /// Entries that replace those from the first one's index on.
    package var entries: [Entry] = []
    /// A whole state that replaces the log.
    package var snapshot: Snapshot?
    /// Whether it has to survive a crash; a commit index alone does not, since a leader tells it again.
    package var mustSync = true
    /// What is to be said once it is written, to others and to the member itself.
    package var responses: [Message] = []

    /// Whether nothing has to reach the disk.
    package var isNothing: Bool { self.entries.isEmpty && self.snapshot == nil && !self.mustSync }
}

/// What a member does next, as `Member.takeWork` gives it.
package struct MemberWork: Sendable {
    /// For other members; none of them promises what is not yet on disk.
    package var messages: [Message] = []
    /// For the log, in order.
    package var writes: [LogWrite] = []
    /// For the store, in order.
    package var events: [LogEvent] = []
    /// Reads whose index is confirmed.
    package var reads: [ReadState] = []
    /// The identifiers of changes of the group that were applied.
    package var changes: [UInt64] = []
    /// What happened, for logs and for the console.
    package var history: [RaftEvent] = []
}
