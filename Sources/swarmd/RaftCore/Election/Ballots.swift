/// The votes of one election; the first one of each member counts.
struct Ballots: Sendable {
    private var granted: RaftIDSet = []
    private var refused: RaftIDSet = []

    /// What a member said; nil if nothing yet.
    func vote(of id: RaftID) -> Bool? {
        if self.granted.contains(id) { return true }
        return self.refused.contains(id) ? false : nil
    }

    /// Notes what a member said.
    mutating func record(_ isGranted: Bool, from id: RaftID) {
        guard self.vote(of: id) == nil else { return }
        if isGranted { self.granted.insert(id) } else { self.refused.insert(id) }
    }
}
