package import SwarmAPI

/// An entry of the replicated log: raft's, with its bytes left as they are.
package struct LogEntry: Sendable, Equatable {
    package var term: UInt64
    package var index: UInt64
    package var type: RaftEntryType
    package var data: [UInt8]

    package init(term: UInt64, index: UInt64, type: RaftEntryType = .entryNormal, data: [UInt8] = []) {
        self.term = term
        self.index = index
        self.type = type
        self.data = data
    }
}

/// What the log keeps, in order.
package enum LogRecord: Sendable, Equatable {
    case entry(LogEntry)
    /// The term that this member is in, whom it voted for, and what it knows to be committed.
    case hardState(RaftHardState)
    /// Nothing: it proves that everything before it was durable.
    case mark
}
