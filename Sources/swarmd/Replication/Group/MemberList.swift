package import RaftCore
package import SwarmAPI
import SwiftProtobuf

/// Who belongs to the group, where each member is reached, and which identifiers are used up.
///
/// Pure: it follows the configuration changes of the log. SwarmKit `raft/membership/cluster.go`.
package struct MemberList: Sendable, Equatable {
    /// The members in the order of their identifiers.
    package private(set) var members: [SwarmRaftMember] = []
    /// The identifiers of members that left; none of them ever comes back.
    package private(set) var removed: [UInt64] = []

    /// An empty group.
    package init() {}

    /// The group that a snapshot names.
    package init(_ snapshot: SwarmClusterSnapshot) {
        self.members = snapshot.members.sorted { $0.raftID < $1.raftID }
        self.removed = Array(Set(snapshot.removed)).sorted()
    }

    /// The group as a snapshot names it.
    package var snapshot: SwarmClusterSnapshot {
        .with {
            $0.members = self.members
            $0.removed = self.removed
        }
    }

    /// The member with this identifier.
    package func member(_ id: RaftID) -> SwarmRaftMember? {
        self.members.first { $0.raftID == id.rawValue }
    }

    /// The member that is this node.
    package func member(node: String) -> SwarmRaftMember? { self.members.first { $0.nodeID == node } }

    /// Whether a member of this identifier left.
    package func isRemoved(_ id: RaftID) -> Bool { self.removed.contains(id.rawValue) }

    /// Whether a change would bring back a member that left, which no change may.
    func isRevived(by change: ConfigurationChange) -> Bool {
        change.changes.contains { $0.kind != .remove && self.isRemoved($0.node) }
    }

    /// Takes over a change that is committed.
    ///
    /// The context names the member that comes; it is SwarmKit's `RaftMember`.
    mutating func apply(_ change: ConfigurationChange) {
        for single in change.changes {
            switch single.kind {
            case .addVoter, .addLearner, .update:
                let named = try? SwarmRaftMember(serializedBytes: change.context)
                // A change without a context moves a known member between learners and voters.
                guard let named, named.raftID == single.node.rawValue else { continue }
                guard single.kind != .update || self.member(single.node) != nil else { continue }
                self.put(named)
            case .remove:
                self.members.removeAll { $0.raftID == single.node.rawValue }
                guard !self.removed.contains(single.node.rawValue) else { continue }
                self.removed.append(single.node.rawValue)
                self.removed.sort()
            }
        }
    }

    private mutating func put(_ member: SwarmRaftMember) {
        var member = member
        member.clearStatus()
        self.members.removeAll { $0.raftID == member.raftID }
        self.members.append(member)
        self.members.sort { $0.raftID < $1.raftID }
    }
}
