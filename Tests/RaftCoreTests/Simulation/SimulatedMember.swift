import RaftCore

/// A member, its disk and its driver, whose every write can be late and which can crash at any step.
struct SimulatedMember {
    var node: RaftNode
    let configuration: RaftConfiguration
    /// What survives a crash.
    private(set) var disk: StableLog
    /// Entries that were applied since the start.
    private(set) var applied: [Entry] = []
    private(set) var appliedIndex: UInt64
    /// Work of the local threads, oldest first.
    private var appendWork: [Message] = []
    private var applyWork: [Message] = []
    private var reads: [ReadState] = []

    init(_ configuration: RaftConfiguration, disk: StableLog) {
        self.configuration = configuration
        self.disk = disk
        self.node = RaftNode(configuration, log: disk)
        self.appliedIndex = max(configuration.applied, disk.base.index)
    }

    /// The reads that were answered since the last call.
    mutating func takeReads() -> [ReadState] {
        defer { self.reads = [] }
        return self.reads
    }

    /// Loses everything but the disk, and starts again.
    mutating func restart() {
        var configuration = self.configuration
        // The state machine begins at its snapshot.
        configuration.applied = self.disk.snapshot.index
        self = SimulatedMember(configuration, disk: self.disk)
    }

    /// Does one piece of work; returns what is to be sent.
    ///
    /// `crash` ends it before its writes are durable.
    mutating func work(crash: Bool = false) -> [Message] {
        guard self.configuration.asyncStorageWrites else { return self.workInOrder(crash: crash) }
        guard !crash, self.node.hasReady else { return [] }
        let ready = self.node.ready()
        self.reads += ready.readStates
        self.appendWork += ready.messages.filter { $0.to == .appendThread }
        self.applyWork += ready.messages.filter { $0.to == .applyThread }
        return ready.messages.filter { !$0.to.isLocalThread }
    }

    private mutating func workInOrder(crash: Bool) -> [Message] {
        guard self.node.hasReady else { return [] }
        let ready = self.node.ready()
        // These may go before the writes.
        if crash { return ready.messages }
        self.node.persisted(ready)
        self.disk = self.node.log
        self.reads += ready.readStates
        if let snapshot = ready.snapshot { self.appliedIndex = snapshot.index }
        self.apply(ready.committedEntries)
        self.node.advance()
        return ready.messages + ready.messagesAfterPersisting
    }

    /// Does the oldest write of the thread that writes; returns what is to be sent.
    mutating func write() -> [Message] {
        guard !self.appendWork.isEmpty else { return [] }
        let message = self.appendWork.removeFirst()
        self.node.persisted(message)
        self.disk = self.node.log
        if let snapshot = message.snapshot { self.appliedIndex = snapshot.index }
        return self.deliver(message.responses)
    }

    /// Does the oldest work of the thread that applies.
    mutating func applyNext() {
        guard !self.applyWork.isEmpty else { return }
        let message = self.applyWork.removeFirst()
        self.apply(message.entries)
        _ = self.deliver(message.responses)
    }

    /// Takes the answers that are for the node itself; returns the others.
    private mutating func deliver(_ responses: [Message]) -> [Message] {
        for message in responses where message.to == self.node.id { try? self.node.step(message) }
        return responses.filter { $0.to != self.node.id }
    }

    private mutating func apply(_ entries: [Entry]) {
        // A snapshot may have overtaken what was handed out before it.
        for entry in entries where entry.index > self.appliedIndex {
            precondition(
                entry.index == self.appliedIndex + 1,
                "\(self.node.id) applies \(entry.index) after \(self.appliedIndex)"
            )
            self.applied.append(entry)
            self.appliedIndex = entry.index
            guard case .configuration(let change) = entry.payload else { continue }
            _ = try? self.node.apply(change)
        }
    }

    /// Takes a snapshot of what is applied and drops the log behind it.
    mutating func compact() {
        guard self.applyWork.isEmpty, self.appliedIndex > self.node.log.snapshot.index,
            let term = self.node.log.term(at: self.appliedIndex)
        else { return }
        let group = self.node.status.configuration
        let snapshot = Snapshot(index: self.appliedIndex, term: term, configuration: group)
        self.node.log.record(snapshot)
        self.node.log.compact(through: snapshot.index)
        self.disk = self.node.log
    }
}
