extension RaftNode {
    /// Whether committed entries may be applied before they are durable here; a `Ready` has them in one
    /// order.
    private var appliesUnstable: Bool { !self.raft.configuration.asyncStorageWrites }

    /// Whether there is anything to do.
    package var hasReady: Bool {
        let hardState = self.raft.hardState
        return !self.raft.outbox.isEmpty || !self.raft.afterAppend.isEmpty
            || !self.raft.log.unstable.nextEntries.isEmpty
            || self.raft.log.hasCommitted(unstable: self.appliesUnstable)
            || (!hardState.isEmpty && hardState != self.previousHardState)
            || self.raft.softState != self.previousSoftState
            || !self.raft.readStates.isEmpty
            || self.raft.log.unstable.nextSnapshot != nil
    }

    /// Takes what is to be done now.
    ///
    /// Without asynchronous storage `advance` must follow before the next call.
    package mutating func ready() -> Ready {
        precondition(!self.awaitsAdvance, "the Ready before this one was not advanced")
        let isAsync = self.raft.configuration.asyncStorageWrites
        var ready = self.pending()
        let afterAppend = self.raft.afterAppend
        if isAsync {
            self.addStorageMessages(to: &ready)
        } else {
            ready.messagesAfterPersisting = afterAppend.filter { $0.to != self.id }
            self.acknowledgements = afterAppend.filter { $0.to == self.id }
            if let response = self.storageAppendResponse(to: ready) { self.acknowledgements.append(response) }
            if let response = self.storageApplyResponse(to: ready) { self.acknowledgements.append(response) }
            self.awaitsAdvance = true
        }
        self.accept(ready)
        return ready
    }

    /// Everything that waits, except what depends on how storage works.
    private func pending() -> Ready {
        let hardState = self.raft.hardState
        let entries = Array(self.raft.log.unstable.nextEntries)
        let isVoteNew =
            (hardState.term, hardState.vote) != (self.previousHardState.term, self.previousHardState.vote)
        return Ready(
            softState: self.raft.softState == self.previousSoftState ? nil : self.raft.softState,
            hardState: hardState == self.previousHardState ? nil : hardState,
            readStates: self.raft.readStates,
            entries: entries,
            snapshot: self.raft.log.unstable.nextSnapshot,
            committedEntries: self.raft.log.nextCommitted(unstable: self.appliesUnstable),
            messages: self.raft.outbox,
            messagesAfterPersisting: [],
            mustSync: !entries.isEmpty || isVoteNew
        )
    }

    private mutating func accept(_ ready: Ready) {
        if let softState = ready.softState { self.previousSoftState = softState }
        if let hardState = ready.hardState { self.previousHardState = hardState }
        self.raft.readStates = []
        self.raft.outbox = []
        self.raft.afterAppend = []
        self.raft.log.acceptUnstable()
        self.raft.log.acceptApplying(ready.committedEntries, unstable: self.appliesUnstable)
    }

    /// Notes that the writes of `ready` are durable: `log` becomes what was written.
    package mutating func persisted(_ ready: Ready) {
        self.persist(hardState: ready.hardState, snapshot: ready.snapshot, entries: ready.entries)
    }

    /// Notes that what `ready` asked for is done: written and, as far as there is something, applied.
    package mutating func advance() {
        precondition(self.awaitsAdvance, "nothing to advance")
        self.awaitsAdvance = false
        let acknowledgements = self.acknowledgements
        self.acknowledgements = []
        for message in acknowledgements {
            do {
                try self.raft.step(message)
            } catch {
                preconditionFailure("the node refuses its own \(message.kind): \(error)")
            }
        }
    }

    func persistedState(of message: Message) -> HardState? {
        let state = HardState(term: message.term, vote: message.vote, commit: message.commit)
        return state.isEmpty ? nil : state
    }

    mutating func persist(hardState: HardState?, snapshot: Snapshot?, entries: [Entry]) {
        if let hardState { self.log.hardState = hardState }
        if let snapshot { self.log.restore(snapshot) }
        self.log.append(entries)
    }
}
