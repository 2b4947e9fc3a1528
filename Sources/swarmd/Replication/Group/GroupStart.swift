import FoundationEssentials
package import RaftCore
package import SwarmAPI
import SwiftProtobuf

/// How a member comes to its log.
package enum GroupOrigin: Sendable {
    /// It makes the group, with itself as the only member.
    case found(SwarmRaftMember)
    /// It was taken into a group under this identifier, whose entries it will get; `members` are those that
    /// it can reach until it has the first of them.
    case join(raftID: UInt64, members: [SwarmRaftMember] = [])

    /// The member's identifier.
    package var raftID: UInt64 {
        switch self {
        case .found(let member): member.raftID
        case .join(let raftID, _): raftID
        }
    }
}

/// What a member starts with: its log in memory, and what the store has to be told first.
package struct GroupStart {
    /// What is on disk.
    package let log: StableLog
    /// The group as of the snapshot.
    package let membership: MemberList
    /// Whom to connect to at first.
    package let contacts: [SwarmRaftMember]
    /// The records that begin a new group's log.
    package let records: [LogRecord]

    /// Reads what `storage` holds; where that is nothing, the member begins as `origin` says.
    package init(_ storage: borrowing LogStorage, origin: GroupOrigin) {
        var base = Snapshot()
        var membership = MemberList()
        var records: [LogRecord] = []
        if let stored = storage.snapshot {
            base = Snapshot(
                index: stored.index,
                term: stored.term,
                configuration: Self.configuration(of: stored, member: origin.raftID)
            )
            membership = MemberList(SnapshotImage.membership(of: stored.bytes))
        }
        let covered = storage.snapshot?.index ?? 0
        var entries = storage.contents.entries.filter { $0.index > covered }
        var state = storage.contents.hardState
        // Nothing committed: the founding did not happen, or a crash cut it short.
        if case .found(let member) = origin, covered == 0, (state?.commit ?? 0) == 0 {
            let first = Self.addition(of: member)
            entries = [first]
            state = .with {
                $0.term = 1
                $0.commit = 1
            }
            records = [.entry(first)] + (state.map { [.hardState($0)] } ?? [])
        }
        self.log = StableLog(
            hardState: HardState(
                term: max(state?.term ?? 0, base.term),
                vote: RaftID(rawValue: state?.vote ?? 0),
                commit: max(state?.commit ?? 0, covered)
            ),
            snapshot: base,
            entries: entries.compactMap {
                RaftWire.entry(term: $0.term, index: $0.index, type: $0.type, data: $0.data)
            }
        )
        self.membership = membership
        if case .join(_, let members) = origin, membership.members.isEmpty {
            self.contacts = members
        } else {
            self.contacts = membership.members
        }
        self.records = records
    }

    /// Snapshots of the first format name no configuration; they are of groups of one.
    private static func configuration(of snapshot: StoredSnapshot, member: UInt64) -> ConfigurationState {
        guard snapshot.configuration.voters.isEmpty else { return RaftWire.decode(snapshot.configuration) }
        return ConfigurationState(voters: [RaftID(rawValue: member)])
    }

    /// The first entry of a group: its first member (SwarmKit `raft.go`, `newRaftNode`).
    private static func addition(of member: SwarmRaftMember) -> LogEntry {
        guard let context: [UInt8] = try? member.serializedBytes() else {
            preconditionFailure("member \(member.raftID) can't be serialized")
        }
        let change = ConfigurationChange(v1: .addVoter, RaftID(rawValue: member.raftID), context: context)
        return LogEntry(term: 1, index: 1, type: .entryConfChange, data: RaftWire.encodeV1(change))
    }
}
