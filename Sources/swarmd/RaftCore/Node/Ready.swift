/// What the driver has to do now, in this order: write, tell `persisted`, send, apply, tell `advance`.
///
/// With asynchronous storage writing and applying are messages to the local threads instead.
package struct Ready: Sendable, Equatable {
    /// The role and the leader, if either changed.
    package var softState: SoftState?
    /// The hard state, if it changed; to be written.
    package var hardState: HardState?
    /// Answers to requests for a read index.
    package var readStates: [ReadState]
    /// Entries to be written; they replace what is there from the first one's index on.
    package var entries: [Entry]
    /// A snapshot to be written and to be restored before anything is applied.
    package var snapshot: Snapshot?
    /// Entries to be applied in order, after the writes.
    package var committedEntries: [Entry]
    /// What may be sent before the writes are done, as a leader writes while its followers do (thesis
    /// 10.2.1).
    package var messages: [Message]
    /// What must not be sent before the writes are durable; empty with asynchronous storage.
    package var messagesAfterPersisting: [Message]
    /// Whether the writes must reach the disk now; a commit index alone may be lost.
    ///
    /// Only about entries and hard state: a snapshot must be durable before its acknowledgement goes, always.
    package var mustSync: Bool
}
