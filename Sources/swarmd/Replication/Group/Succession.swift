import RaftCore

/// The turns in which the members of a group whose leader's process died stand for election.
///
/// A broken connection to a process that no longer listens says more than silence does: nobody has to wait
/// for the election time-out. So that the others do not split their votes, each campaigns in its own tick,
/// the lowest identifier first; whoever gets no majority leaves the next tick to the next. After two
/// rounds raft's own time-outs take over.
struct Succession: Sendable, Equatable {
    private let rank: Int
    private let count: Int
    private var turn = 0

    /// The turns of `member` among `voters` without the dead leader; nil if it has none.
    init?(of member: RaftID, voters: [RaftID], dead: RaftID) {
        let living = voters.filter { $0 != dead }.sorted()
        guard let rank = living.firstIndex(of: member) else { return nil }
        self.rank = rank
        self.count = living.count
    }

    /// A tick passed: says whether to campaign now; nil when the turns are over.
    mutating func next() -> Bool? {
        guard self.turn < 2 * self.count else { return nil }
        defer { self.turn += 1 }
        return self.turn % self.count == self.rank
    }
}
