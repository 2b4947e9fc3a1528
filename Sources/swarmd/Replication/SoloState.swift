import ReplicatedStore

/// What the proposers and the writer of a group of one share.
struct SoloState: Sendable {
    let term: UInt64
    var nextIndex: UInt64
    /// Where each term begins, oldest first.
    var terms: [TermStart]
    var status: LogStatus

    var queue: [LogEntry] = []
    /// The bytes that were proposed and not handed over yet.
    var queuedBytes = 0
    var isOpen = true
    /// Whether the last record is written.
    private(set) var isFinished = false
    /// Whether the writer is at work or called.
    private var isDraining = false

    init(term: UInt64, nextIndex: UInt64, terms: [TermStart], status: LogStatus) {
        self.term = term
        self.nextIndex = nextIndex
        self.terms = terms
        self.status = status
    }

    /// Gives `data` the next index; `wake` says that the writer must be called.
    mutating func enqueue(_ data: [UInt8]) -> (index: UInt64, wake: Bool) {
        let index = self.nextIndex
        self.nextIndex += 1
        self.queue.append(LogEntry(term: self.term, index: index, data: data))
        self.queuedBytes += data.count
        defer { self.isDraining = true }
        return (index, !self.isDraining)
    }

    /// Takes entries of about `limit` bytes for one write; nil when none waits.
    mutating func takeBatch(_ limit: Int) -> [LogEntry]? {
        guard !self.queue.isEmpty else {
            self.isDraining = false
            return nil
        }
        var bytes = 0
        let rest = self.queue.firstIndex { entry in
            bytes += entry.data.count
            return bytes > limit
        }
        let count = max(1, rest ?? self.queue.count)
        let batch = Array(self.queue.prefix(count))
        self.queue.removeFirst(count)
        return batch
    }

    /// Notes that `batch` was handed over.
    mutating func release(_ batch: [LogEntry]) {
        self.queuedBytes -= batch.reduce(0) { $0 + $1.data.count }
    }

    /// Says whether the log is still to be finished; true once.
    mutating func finish() -> Bool {
        defer { self.isFinished = true }
        return !self.isFinished
    }

    /// The term of the entry at `index`.
    func term(at index: UInt64) -> UInt64 { self.terms.last { $0.index <= index }?.term ?? 0 }

    /// Forgets the terms that ended before `index`.
    mutating func forgetTerms(before index: UInt64) {
        guard let current = self.terms.lastIndex(where: { $0.index <= index }) else { return }
        self.terms.removeFirst(current)
    }
}

/// The first index of a term.
struct TermStart: Sendable, Equatable {
    let term: UInt64
    let index: UInt64
}
