/// How many proposals to wait for before they go to raft together.
///
/// Each batch costs a sync, a message to each member and a dozen wake-ups, whatever its size; so under load it
/// should hold about half of what is under way, and the other half should gather meanwhile. How much that is shows
/// in what comes while a batch is on its way: something came, so there is room for more; nothing came, so all
/// waited for the batch. Who is alone never waits.
struct Gathering: Sendable {
    /// As many proposals make a batch, even while more may come.
    private(set) var target = 1
    /// Whether proposals came while others were on their way.
    private var isOverlapping = false
    private let limit: Int

    /// Never waits for more than `limit`.
    init(limit: Int) { self.limit = limit }

    /// Notes a proposal; `isUnderWay` tells whether there are others that are not committed.
    mutating func proposed(whileUnderWay isUnderWay: Bool) {
        if isUnderWay { self.isOverlapping = true }
    }

    /// Notes that a batch of `count` left, either since it was large enough or since it was overdue.
    mutating func left(_ count: Int, isOverdue: Bool) {
        if isOverdue {
            self.target = min(max(1, count), self.limit)
        } else if count > self.target {
            // They were made at the same moment: there is more than one client.
            self.target = min(count, self.limit)
        } else if self.isOverlapping {
            self.target = min(self.target + 1, self.limit)
        } else {
            self.target = max(1, self.target / 2)
        }
        self.isOverlapping = false
    }
}
