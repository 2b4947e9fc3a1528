import RaftCore
import Replication
import SwarmAPI

/// What must be on a machine's disk, because its member was told so.
struct DurableMirror: Sendable {
    private(set) var state = HardState()
    /// The terms of the entries after `base`.
    private var terms: [UInt64] = []
    private var base: UInt64 = 0
    /// The newest snapshot of a leader.
    private var snapshot: UInt64 = 0
    /// The first index that a write touches of which nobody knows whether it was done.
    private var doubtful: UInt64 = .max

    /// The last entry.
    var lastIndex: UInt64 { self.base + UInt64(self.terms.count) }

    /// The term of the entry at `index`; nil if it isn't there or not known.
    func term(at index: UInt64) -> UInt64? {
        guard index > self.base, index <= self.lastIndex else { return nil }
        return self.terms[Int(index - self.base - 1)]
    }

    /// Whether the entry is there, or a snapshot that covers it.
    func holds(_ index: UInt64, term: UInt64) -> Bool {
        index <= self.snapshot || self.term(at: index) == term
    }

    /// A write begins; until it is done it may be there or not.
    mutating func begin(_ batch: [LogWrite]) {
        let indices = batch.flatMap { write in
            [write.entries.first?.index, write.snapshot.map { $0.index + 1 }].compactMap(\.self)
        }
        self.doubtful = min(self.doubtful, indices.min() ?? .max)
    }

    /// The write is durable.
    mutating func end(_ batch: [LogWrite]) {
        self.doubtful = .max
        for write in batch where !write.isNothing {
            if let snapshot = write.snapshot {
                self.snapshot = snapshot.index
                self.base = snapshot.index
                self.terms = []
            }
            if let state = write.hardState { self.state = state }
            for entry in write.entries { self.put(entry.index, entry.term) }
        }
    }

    /// Takes over what a member found when it began.
    mutating func adopt(_ log: StableLog) {
        self.state = log.hardState
        self.base = log.base.index
        self.snapshot = max(log.snapshot.index, self.base)
        self.doubtful = .max
        self.terms =
            self.base < log.lastIndex ? (self.base + 1...log.lastIndex).map { log.term(at: $0) ?? 0 } : []
    }

    private mutating func put(_ index: UInt64, _ term: UInt64) {
        guard index > self.base else { return }
        self.terms.removeLast(Int(self.lastIndex - min(self.lastIndex, index - 1)))
        self.terms.append(term)
    }

    /// Checks what a member finds when it starts again.
    func check(_ log: StableLog, of id: RaftID) throws(Violation) {
        let found = log.hardState
        guard found.term >= self.state.term else {
            throw Violation("terms never go back", "\(id): \(self.state.term) became \(found.term)")
        }
        if found.term == self.state.term, self.state.vote != .none, found.vote != self.state.vote {
            throw Violation(
                "votes are remembered",
                "\(id): the vote of term \(found.term) was \(self.state.vote), is \(found.vote)"
            )
        }
        guard found.commit >= self.state.commit else {
            throw Violation("commits never go back", "\(id): \(self.state.commit) became \(found.commit)")
        }
        let first = max(self.base, log.base.index) + 1
        let last = min(self.lastIndex, self.doubtful - 1)
        for position in stride(from: first, through: last, by: 1)
        where log.term(at: position) != self.term(at: position) {
            throw Violation(
                "what is synced is durable",
                "\(id): entry \(position) had term \(self.term(at: position) ?? 0), has \(log.term(at: position) ?? 0)"
            )
        }
    }
}
