/// One entry of the log.
package struct Entry: Sendable, Equatable {
    /// What an entry carries.
    package enum Payload: Sendable, Equatable {
        /// Bytes for the state machine; none for the entry that opens a term.
        case normal([UInt8])
        /// A change of the group.
        case configuration(ConfigurationChange)
    }

    /// The term whose leader created it.
    package var term: UInt64
    /// Its place.
    package var index: UInt64
    /// What it carries.
    package var payload: Payload

    /// An entry; in proposals term and index are 0.
    package init(term: UInt64 = 0, index: UInt64 = 0, payload: Payload = .normal([])) {
        self.term = term
        self.index = index
        self.payload = payload
    }

    /// Where it stands.
    package var position: EntryPosition { EntryPosition(term: self.term, index: self.index) }
}
