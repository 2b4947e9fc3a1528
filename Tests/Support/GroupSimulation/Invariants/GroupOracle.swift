import RaftCore
import ReplicatedStore
import Replication
import StoreCore
import SwarmAPI

/// Knows everything that all members ever agreed on, and notices when one does not.
///
/// It looks at each step of each member, at what is new only. The rules are those of the raft paper (figure 3)
/// and of reliability.md 3.2.
struct GroupOracle: Sendable {
    /// An index with the term of the leader that put an entry there, or a term with its voter.
    private struct Place: Sendable, Hashable {
        let term: UInt64
        let number: UInt64
    }

    private struct Record: Sendable {
        let digest: UInt64
        let previousTerm: UInt64
        let change: ConfigurationChange?
    }

    private struct Applied: Sendable {
        let digest: UInt64
        let state: StoreState
        let stateDigest: StateDigest
    }

    private var leaders: [UInt64: RaftID] = [:]
    private var votes: [Place: RaftID] = [:]
    private var records: [Place: Record] = [:]
    /// The terms of the committed entries, from index 1 on; the first names the founder and needs nobody else.
    private(set) var committed: [UInt64] = [1]
    /// What each entry was to the stores, and the state behind it, from index 1 on.
    private var applied: [Applied] = []
    private var fold = DigestFold()
    private var images: [UInt64: [UInt8]] = [:]
    private var groups: [UInt64: SwarmClusterSnapshot] = [:]
    /// The identifiers that were removed, with the index of the removal.
    private(set) var removals: [(index: UInt64, id: RaftID)] = []
    private var comparisons = 0

    /// The last index that is known to be committed.
    var lastCommitted: UInt64 { UInt64(self.committed.count) }

    /// Whether a member with this identifier left the group.
    func isRemoved(_ id: RaftID) -> Bool { self.removals.contains { $0.id == id } }
}

// MARK: - Elections

extension GroupOracle {
    /// A member says that it leads.
    mutating func leads(_ node: RaftNode, in term: UInt64) throws(Violation) {
        if let other = self.leaders[term], other != node.id {
            throw Violation("one leader a term", "\(other) and \(node.id) lead term \(term)")
        }
        self.leaders[term] = node.id
        guard !self.isRemovedBefore(node) else {
            throw Violation("a removed member never counts", "\(node.id) leads term \(term)")
        }
        for (place, committed) in self.committed.enumerated() where committed < term {
            let index = UInt64(place + 1)
            guard index > node.log.snapshot.index, node.term(at: index) != committed else { continue }
            throw Violation(
                "a leader has all committed entries",
                "\(node.id) leads term \(term) without entry \(committed)/\(index)"
            )
        }
    }

    /// Whether the member itself has applied its removal.
    private func isRemovedBefore(_ node: RaftNode) -> Bool {
        self.removals.contains { $0.id == node.id && $0.index <= node.status.applied }
    }

    /// A member promises something to another: it must be on its disk.
    mutating func promises(_ message: Message, _ disk: DurableMirror) throws(Violation) {
        switch message.kind {
        case .voteResponse where !message.reject:
            let position = Place(term: message.term, number: message.from.rawValue)
            if let other = self.votes[position], other != message.to {
                throw Violation(
                    "one vote a term",
                    "\(message.from) votes for \(other) and \(message.to) in term \(message.term)"
                )
            }
            self.votes[position] = message.to
            // One that is of a later term by now had the vote before, and needs it no more.
            guard
                disk.state.term > message.term
                    || (disk.state.term, disk.state.vote) == (message.term, message.to)
            else {
                throw Violation(
                    "a vote is durable",
                    "\(message.from) votes for \(message.to) in term \(message.term), its disk has \(disk.state)"
                )
            }
        case .appendResponse where !message.reject:
            guard disk.state.term >= message.term else {
                throw Violation(
                    "a term is durable",
                    "\(message.from) answers in term \(message.term), its disk has \(disk.state)"
                )
            }
            // A commit index alone may answer an old append; what is committed needs no promise.
            guard message.index > max(disk.lastIndex, self.lastCommitted) else { return }
            throw Violation(
                "what is acknowledged is durable",
                "\(message.from) has entry \(message.index), its disk ends at \(disk.lastIndex)"
            )
        default: return
        }
    }
}

// MARK: - Log

extension GroupOracle {
    /// A member wants entries written behind `base`, the last one that stays.
    mutating func writes(_ entries: [Entry], previousTerm: UInt64) throws(Violation) {
        var previous = previousTerm
        for entry in entries {
            let (digest, change) = Self.digest(of: entry)
            if let known = self.records[Place(term: entry.term, number: entry.index)] {
                guard known.digest == digest,
                    known.previousTerm == previous || known.previousTerm * previous == 0
                else {
                    throw Violation(
                        "equal positions, equal logs",
                        "entry \(entry.term)/\(entry.index) behind term \(previous) differs"
                    )
                }
            } else {
                self.records[Place(term: entry.term, number: entry.index)] = Record(
                    digest: digest,
                    previousTerm: previous,
                    change: change
                )
            }
            previous = entry.term
        }
    }

    /// A member's commit index rose from `old`; `before` is the group that it counted until then.
    ///
    /// The change of the group may be among what is committed: a majority of either group will do.
    mutating func commits(
        _ node: RaftNode,
        after old: UInt64,
        before: ConfigurationState,
        holders: (_ index: UInt64, _ term: UInt64) -> [RaftID]
    ) throws(Violation) {
        let index = node.commitIndex
        let isNew = index > self.lastCommitted
        for position in old + 1..<index + 1 {
            guard let term = node.term(at: position) else { continue }
            try self.commit(position, term: term, by: node)
        }
        guard isNew, let term = node.term(at: index) else { return }
        guard node.role == .leader, term == node.term else {
            throw Violation(
                "only the own term's entries are committed by counting",
                "\(node.id) in term \(node.term) as \(node.role) commits \(term)/\(index)"
            )
        }
        let having = holders(index, term)
        guard ![before, node.configuration].contains(where: { $0.isMajority(having) }) else { return }
        throw Violation(
            "what is committed is on a majority's disks",
            "entry \(term)/\(index) is on those of \(having), the group is \(node.configuration)"
        )
    }

    private mutating func commit(_ index: UInt64, term: UInt64, by node: RaftNode) throws(Violation) {
        if index <= self.lastCommitted {
            let known = self.committed[Int(index - 1)]
            guard known != term else { return }
            throw Violation(
                "committed entries stay",
                "\(node.id) commits \(term)/\(index), it was \(known)/\(index)"
            )
        }
        guard index == self.lastCommitted + 1 else {
            throw Violation(
                "commits have a source",
                "\(node.id) commits \(index), the group \(self.lastCommitted)"
            )
        }
        self.committed.append(term)
        for change in self.records[Place(term: term, number: index)]?.change?.changes ?? [] {
            if change.kind == .remove, !self.isRemoved(change.node) {
                self.removals.append((index, change.node))
            }
        }
    }

    /// Checks that no more than one change of the group in a log is not committed.
    func checkChanges(_ changes: [UInt64], of id: RaftID) throws(Violation) {
        let open = changes.filter { $0 > self.lastCommitted }
        guard open.count > 1 else { return }
        throw Violation("one change at a time", "\(id) has changes of the group at \(open)")
    }

    private static func digest(of entry: Entry) -> (UInt64, ConfigurationChange?) {
        switch entry.payload {
        case .normal(let bytes): (Self.digest(of: bytes), nil)
        case .configuration(let change):
            (
                change.changes.reduce(Self.digest(of: change.context) ^ 1) { $0 &* 31 ^ $1.node.rawValue },
                change
            )
        }
    }

    static func digest(of bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { buffer in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(buffer.count)
            var place = 0
            while place + 8 <= buffer.count {
                hash =
                    (hash ^ buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                    &* 0x0000_0100_0000_01b3
                hash ^= hash >> 31
                place += 8
            }
            while place < buffer.count {
                hash = (hash ^ UInt64(buffer[place])) &* 0x0000_0100_0000_01b3
                place += 1
            }
            return hash
        }
    }
}

// MARK: - State machine

extension GroupOracle {
    /// A member hands an entry to its store, after the one at `last`.
    mutating func hands(_ entry: CommittedEntry, after last: UInt64, by id: RaftID) throws(Violation) {
        guard entry.index == last + 1 else {
            throw Violation("entries are applied in order", "\(id) applies \(entry.index) after \(last)")
        }
        guard entry.index <= self.lastCommitted else {
            throw Violation("only committed entries are applied", "\(id) applies \(entry.index)")
        }
        let digest = Self.digest(of: entry.data)
        if entry.index <= self.applied.count {
            guard self.applied[Int(entry.index - 1)].digest != digest else { return }
            throw Violation("all apply the same", "\(id) applies another entry \(entry.index)")
        }
        var state = self.applied.last?.state ?? StoreState()
        var changes: [StoreChange] = []
        if !entry.data.isEmpty {
            do { changes = try state.apply(StoreEntry.decode(entry.data)) } catch {
                throw Violation("entries can be applied", "\(entry.index): \(error)")
            }
        }
        let part =
            self.applied.isEmpty
            ? DigestPart(index: entry.index, basis: .whole(state))
            : DigestPart(index: entry.index, basis: .since(entry.index - 1, TouchedObjects(changes)))
        guard let stateDigest = self.fold.fold(part) else {
            throw Violation("entries are applied in order", "\(entry.index) has no digest")
        }
        self.applied.append(Applied(digest: digest, state: state, stateDigest: stateDigest))
    }

    /// A member's group is `group` behind `index`.
    mutating func groups(_ group: SwarmClusterSnapshot, at index: UInt64, of id: RaftID) throws(Violation) {
        let removed = self.removals.filter { $0.index <= index }.map(\.id.rawValue).sorted()
        guard removed == group.removed.sorted() else {
            throw Violation(
                "removed members are remembered",
                "\(id) remembers \(group.removed) at \(index), removed are \(removed)"
            )
        }
        if let known = self.groups[index], known != group {
            throw Violation("all have the same group", "\(id) has another at \(index)")
        }
        self.groups[index] = group
    }

    /// A member's store passes the commit at `index`.
    mutating func commits(_ commit: Commit, by id: RaftID) throws(Violation) {
        guard commit.version.index <= self.applied.count else {
            throw Violation("only committed entries are applied", "\(id) shows \(commit.version.index)")
        }
        let applied = self.applied[Int(commit.version.index - 1)]
        let expected = applied.state
        for change in commit.changes {
            guard case .config(let config) = change.value else { continue }
            guard expected.configs[config.id] == commit.state.configs[config.id] else {
                throw Violation("stores follow the log", "\(id) has another \(config.id) at \(commit.index)")
            }
        }
        self.comparisons += 1
        guard expected.configs.count == commit.state.configs.count,
            self.comparisons % 16 != 0 || applied.stateDigest == StateDigest(of: commit.state)
        else { throw Violation("stores follow the log", "\(id) has another state at \(commit.index)") }
    }

    /// A member's store amounts to `digest` at `index`.
    func digests(_ digest: StateDigest, at index: UInt64, by id: RaftID) throws(Violation) {
        guard index <= self.applied.count, self.applied[Int(index - 1)].stateDigest == digest else {
            throw Violation("stores follow the log", "\(id) has another digest at \(index)")
        }
    }

    /// A snapshot's bytes at `index` are the same everywhere, and what the log amounts to.
    mutating func snapshots(_ bytes: [UInt8], at index: UInt64, of id: RaftID) throws(Violation) {
        if let known = self.images[index] {
            guard known != bytes else { return }
            throw Violation("snapshots are equal", "\(id) has another at \(index)")
        }
        guard index >= 1, index <= self.applied.count, let snapshot = try? StoreSnapshot(bytes: bytes),
            StateDigest(of: snapshot.state) == self.applied[Int(index - 1)].stateDigest
        else { throw Violation("a snapshot is what the log amounts to", "not that of \(id) at \(index)") }
        let removed = self.removals.filter { $0.index <= index }.map(\.id.rawValue).sorted()
        guard snapshot.membership.removed.sorted() == removed else {
            throw Violation(
                "removed members are remembered",
                "the snapshot of \(id) at \(index) has \(snapshot.membership.removed), removed are \(removed)"
            )
        }
        self.images[index] = bytes
    }
}

extension ConfigurationState {
    /// Whether `members` are a majority, of both halves if it is joint.
    fileprivate func isMajority(_ members: [RaftID]) -> Bool {
        [self.voters, self.votersOutgoing].allSatisfy { voters in
            voters.isEmpty || voters.count(where: members.contains) > voters.count / 2
        } && !self.voters.isEmpty
    }
}
