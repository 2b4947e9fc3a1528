import Primitives
import SwarmAPI

/// A change of the group's leader, as one manager saw it.
struct Election: Sendable, Equatable {
    var term: UInt64
    /// When it was over; when the leader was missed, while there is none.
    var at: Timestamp
    /// The new leader's raft number, and the one's before; nil where there is or was none.
    var leader: UInt64?
    var before: UInt64?
    /// How long this manager knew of no leader; nil where it knew of none before.
    var gap: Duration?

    /// The elections in a manager's changes of role, oldest first; `own` is its raft number.
    static func all(in changes: [SwarmdRaftElection], own: UInt64) -> [Self] {
        var elections: [Self] = []
        var leader: UInt64?
        var missing: Timestamp?
        for change in changes {
            let at = Timestamp(change.at)
            guard let new = Self.leader(of: change, own: own) else {
                missing = missing ?? at
                continue
            }
            defer { (leader, missing) = (new, nil) }
            if new == leader, missing == nil { continue }
            let gap = leader == nil ? nil : missing.map { at - $0 } ?? .zero
            elections.append(Self(term: change.term, at: at, leader: new, before: leader, gap: gap))
        }
        if let missing, let term = changes.last?.term {
            elections.append(Self(term: term, at: missing, leader: nil, before: leader))
        }
        return elections
    }

    /// The leader after a change; the words are those of `swarmd.v1.RaftElection`.
    private static func leader(of change: SwarmdRaftElection, own: UInt64) -> UInt64? {
        if change.event == "leader" { return own }
        let prefix = "follower of "
        guard change.event.hasPrefix(prefix) else { return nil }
        return UInt64(change.event.dropFirst(prefix.count), radix: 16)
    }
}
