/// Members who decide by majority.
///
/// Without members it agrees to everything, so that half of a joint configuration may be absent.
package struct Majority: Sendable, Equatable {
    /// The members.
    package var voters: RaftIDSet

    /// The majority of these members.
    package init(_ voters: RaftIDSet = []) { self.voters = voters }

    /// The highest index that a majority has acknowledged.
    ///
    /// Whoever acknowledged nothing counts with 0; without members the answer is the largest number.
    package func committedIndex(acknowledged: (RaftID) -> UInt64?) -> UInt64 {
        guard !self.voters.isEmpty else { return .max }
        let indexes = self.voters.elements.map { acknowledged($0) ?? 0 }.sorted()
        return indexes[(indexes.count - 1) / 2]
    }

    /// How the vote stands, when `vote` tells who said what.
    package func outcome(vote: (RaftID) -> Bool?) -> VoteOutcome {
        guard !self.voters.isEmpty else { return .won }
        let needed = self.voters.count / 2 + 1
        var granted = 0
        var missing = 0
        for voter in self.voters {
            switch vote(voter) {
            case true?: granted += 1
            case false?: break
            case nil: missing += 1
            }
        }
        if granted >= needed { return .won }
        return granted + missing >= needed ? .pending : .lost
    }
}
