/// Asynchronous storage: writes and applying are messages to two local threads, whose answers are stepped.
///
/// Messages to one thread must be done in order and none may be lost; each one's `responses` are delivered
/// when it is done, to this node or to others. A snapshot may be restored while entries wait to be applied
/// that it covers: they are skipped then, and answered as if they had been applied.
extension RaftNode {
    /// Notes that the work of a storage message is durable: `log` becomes what was written.
    ///
    /// To be called before the message's responses are delivered.
    package mutating func persisted(_ message: Message) {
        precondition(message.kind == .storageAppend, "\(message.kind) is no work for the disk")
        self.persist(
            hardState: self.persistedState(of: message),
            snapshot: message.snapshot,
            entries: message.entries
        )
    }

    /// Adds the work for the local threads to what is sent.
    func addStorageMessages(to ready: inout Ready) {
        if let append = self.storageAppend(for: ready) { ready.messages.append(append) }
        guard let response = self.storageApplyResponse(to: ready) else { return }
        ready.messages.append(
            Message(
                .storageApply,
                to: .applyThread,
                from: self.id,
                entries: ready.committedEntries,
                responses: [response]
            )
        )
    }

    /// What is to be made durable, with everything that must wait for it.
    ///
    /// Without responses it need not be durable at once. The node's own acknowledgement of its entries comes
    /// before the note that they are stable, so that their terms are still found among the unstable ones.
    private func storageAppend(for ready: Ready) -> Message? {
        let waiting = self.raft.afterAppend
        guard
            !ready.entries.isEmpty || ready.hardState != nil || ready.snapshot != nil || !waiting.isEmpty
        else { return nil }
        let response = self.storageAppendResponse(to: ready)
        return Message(
            .storageAppend,
            to: .appendThread,
            from: self.id,
            term: ready.hardState?.term ?? 0,
            entries: ready.entries,
            commit: ready.hardState?.commit ?? 0,
            vote: ready.hardState?.vote ?? .none,
            snapshot: ready.snapshot,
            responses: waiting + (response.map { [$0] } ?? [])
        )
    }

    /// What tells the node that everything up to its last entry, and the snapshot, is durable.
    ///
    /// It counts only in the term in which it was made. While entries are written, another leader's may
    /// overwrite them and a third one's restore them: they would look the same, and yet on disk the second
    /// ones would come again after the first write. As the first write's answer is ignored then, an answer
    /// names the log's end whenever anything is unstable, not only with new entries; a change of term always
    /// causes a write.
    func storageAppendResponse(to ready: Ready) -> Message? {
        let hasUnstable = !self.raft.log.unstable.entries.isEmpty
        guard hasUnstable || ready.snapshot != nil else { return nil }
        let last = hasUnstable ? self.raft.log.lastPosition : EntryPosition()
        return Message(
            .storageAppendResponse,
            to: self.id,
            from: .appendThread,
            term: self.raft.term,
            logTerm: last.term,
            index: last.index,
            snapshot: ready.snapshot
        )
    }

    /// What tells the node that committed entries are applied; they belong to no term.
    func storageApplyResponse(to ready: Ready) -> Message? {
        guard !ready.committedEntries.isEmpty else { return nil }
        return Message(
            .storageApplyResponse,
            to: self.id,
            from: .applyThread,
            entries: ready.committedEntries
        )
    }
}
