package import RaftCore
import SwarmAPI
import SwiftProtobuf

/// Puts a member's writes on disk: many of them with one write and one sync.
///
/// Synchronous; whoever calls it decides on which thread. After an error the log is out of service.
package struct LogWriter: Sendable {
    /// The files.
    package private(set) var storage: LogStorage

    /// Writes to `storage`, which nobody else may.
    package init(_ storage: consuming LogStorage) { self.storage = storage }

    /// Writes all of `writes`, in order, and returns when they are durable.
    package mutating func perform(_ writes: [LogWrite]) throws(LogError) {
        var records: [LogRecord] = []
        for write in writes where !write.isNothing {
            if let snapshot = write.snapshot {
                try self.storage.log.append(records)
                records = []
                try self.install(snapshot, write.hardState)
                records += write.entries.map(Self.record)
            } else {
                records += Self.records(of: write)
            }
        }
        try self.storage.log.append(records)
    }

    /// The term is on disk before the term's entries, and the commit index after the entries that it covers:
    /// before them, it would speak of those that they replace.
    private static func records(of write: LogWrite) -> [LogRecord] {
        let entries = write.entries.map(Self.record)
        guard let state = write.hardState else { return entries }
        guard let first = write.entries.first, first.index <= state.commit else {
            return [.hardState(Self.wire(state))] + entries
        }
        var before = state
        before.commit = first.index - 1
        return [.hardState(Self.wire(before))] + entries + [.hardState(Self.wire(state))]
    }

    private static func record(_ entry: Entry) -> LogRecord {
        let (type, data) = RaftWire.body(of: entry)
        return .entry(LogEntry(term: entry.term, index: entry.index, type: type, data: data))
    }

    /// Replaces everything by a snapshot of the leader's.
    ///
    /// The snapshot first: a crash in between leaves a log that the snapshot covers, which `LogStorage`
    /// drops when it opens.
    private mutating func install(_ snapshot: Snapshot, _ state: HardState?) throws(LogError) {
        try self.storage.snapshots.store(
            StoredSnapshot(
                term: snapshot.term,
                index: snapshot.index,
                configuration: RaftWire.encode(snapshot.configuration),
                bytes: snapshot.data
            )
        )
        try self.storage.log.restart(after: snapshot.index, hardState: state.map(Self.wire))
    }

    /// Removes segments that hold nothing after `index`, and those under older keys whose content a snapshot that
    /// covers the log up to `covered` stands for.
    package mutating func shorten(through index: UInt64, covered: UInt64) throws(LogError) {
        try self.storage.log.removeSegments(through: index)
        try self.storage.log.removeOlderKeys(through: covered)
    }

    /// Writes new files under the ring's current key from now on.
    package mutating func rekey() throws(LogError) { try self.storage.log.rekey() }

    /// Writes the last hard state and the mark that everything before it is whole.
    package mutating func finish(_ state: HardState) {
        // Nothing depends on it, so a failure here changes nothing.
        do throws(LogError) {
            try self.storage.log.append([.hardState(Self.wire(state)), .mark])
        } catch {}
        self.storage.unlock()
    }

    private static func wire(_ state: HardState) -> RaftHardState {
        .with {
            $0.term = state.term
            $0.vote = state.vote.rawValue
            $0.commit = state.commit
        }
    }
}
