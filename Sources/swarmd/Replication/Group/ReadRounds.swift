/// Reads that wait for the leader to be confirmed, in rounds that share one question (raft thesis §6.4).
///
/// Pure. While a round is out, new reads gather for the next one: an answer counts only for reads that
/// began before the question was sent. `Waiter` is whoever gets the answer.
package struct ReadRounds<Waiter: Sendable>: Sendable {
    private struct Round: Sendable {
        let id: UInt64
        let deadline: UInt64
        var waiters: [Waiter]
    }

    private var open: Round?
    private var gathering: [Waiter] = []
    private var nextID: UInt64

    /// Nobody reads; rounds are numbered from `first` on.
    ///
    /// No earlier process of the member may have used these numbers: an answer to one of its questions may
    /// still be under way.
    package init(first: UInt64) { self.nextID = first }

    /// How many reads wait.
    package var count: Int { self.gathering.count + (self.open?.waiters.count ?? 0) }

    /// Adds a read.
    package mutating func add(_ waiter: Waiter) { self.gathering.append(waiter) }

    /// Begins a round if none is out and reads wait; returns the context to ask with.
    package mutating func begin(deadline: UInt64) -> [UInt8]? {
        guard self.open == nil, !self.gathering.isEmpty else { return nil }
        self.open = Round(id: self.nextID, deadline: deadline, waiters: self.gathering)
        self.gathering = []
        self.nextID &+= 1
        return self.open.map { Self.context($0.id) }
    }

    /// The answer to `context` came: returns who gets it.
    package mutating func answered(_ context: [UInt8]) -> [Waiter] {
        guard let round = self.open, Self.context(round.id) == context else { return [] }
        self.open = nil
        return round.waiters
    }

    /// Returns who waited in vain until the tick `now`.
    package mutating func expired(now: UInt64) -> [Waiter] {
        guard let round = self.open, round.deadline <= now else { return [] }
        self.open = nil
        return round.waiters
    }

    /// Ends everything; returns who waited.
    package mutating func end() -> [Waiter] {
        defer {
            self.open = nil
            self.gathering = []
        }
        return (self.open?.waiters ?? []) + self.gathering
    }

    private static func context(_ id: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: id)
        return bytes
    }
}
