/// The state machine at one entry, in place of the log up to there.
package struct Snapshot: Sendable, Equatable {
    /// The last entry that it covers; 0 for no snapshot.
    package var index: UInt64
    /// The term of that entry.
    package var term: UInt64
    /// The group at that entry.
    package var configuration: ConfigurationState
    /// The state machine's bytes; a driver may leave them out here and add them when it sends.
    package var data: [UInt8]

    /// A snapshot.
    package init(
        index: UInt64 = 0,
        term: UInt64 = 0,
        configuration: ConfigurationState = ConfigurationState(),
        data: [UInt8] = []
    ) {
        self.index = index
        self.term = term
        self.configuration = configuration
        self.data = data
    }

    /// Whether there is none; etcd 3.3 and 3.5 put such a one into every message.
    package var isEmpty: Bool { self.index == 0 }

    /// The last entry that it covers.
    package var position: EntryPosition { EntryPosition(term: self.term, index: self.index) }
}
