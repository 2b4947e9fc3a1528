import FoundationEssentials
import ReplicatedStore
import SwarmAPI
import SwiftProtobuf

/// The beginning of a term in a group of one: what was there, and what is written first.
struct SoloTerm {
    let term: UInt64
    /// The index of the term's first proposal.
    let next: UInt64
    /// The hard state, in a new log the member's addition, and the term's empty entry.
    let records: [LogRecord]
    /// Every entry after the snapshot, the new ones included, as the store gets it.
    let committed: [CommittedEntry]
    /// Where each term that is still in the log begins.
    let terms: [TermStart]

    init(_ contents: LogContents, snapshot: StoredSnapshot?, member: SwarmRaftMember) {
        let covered = snapshot?.index ?? 0
        let last = max(contents.lastIndex, covered)
        var added: [LogEntry] = []
        if last == 0 { added.append(Self.addition(of: member)) }
        let term = max(contents.hardState?.term ?? 0, snapshot?.term ?? 0, added.last?.term ?? 0) + 1
        added.append(LogEntry(term: term, index: last + UInt64(added.count) + 1))
        let state = RaftHardState.with {
            $0.term = term
            $0.vote = member.raftID
            $0.commit = last
        }
        self.term = term
        self.next = last + UInt64(added.count) + 1
        self.records = [.hardState(state)] + added.map(LogRecord.entry)
        let entries = contents.entries + added
        self.committed = entries.filter { $0.index > covered }
            .map { CommittedEntry(index: $0.index, data: $0.type == .entryNormal ? $0.data : []) }
        var terms = snapshot.map { [TermStart(term: $0.term, index: $0.index)] } ?? []
        for entry in entries where entry.index > covered && entry.term != terms.last?.term {
            terms.append(TermStart(term: entry.term, index: entry.index))
        }
        self.terms = terms
    }

    /// The first entry of a group: its first member (SwarmKit `raft.go`, `newRaftNode`).
    private static func addition(of member: SwarmRaftMember) -> LogEntry {
        guard let context: [UInt8] = try? member.serializedBytes() else {
            preconditionFailure("member \(member.raftID) can't be serialized")
        }
        let change = RaftConfChange.with {
            $0.type = .confChangeAddNode
            $0.nodeID = member.raftID
            $0.context = Data(context)
        }
        guard let data: [UInt8] = try? change.serializedBytes() else {
            preconditionFailure("the addition of member \(member.raftID) can't be serialized")
        }
        return LogEntry(term: 1, index: 1, type: .entryConfChange, data: data)
    }
}
