import FoundationEssentials
import RaftCore
package import SwarmAPI
import SwiftProtobuf

/// What an operator can do when a group has lost its quorum for good, on the files of a stopped member.
package struct Recovery: Sendable {
    private let directory: String
    private let keys: DataKeyRing?
    private let fileSystem: any FileSystem

    /// Works on the member in `directory`, which is `stateDirectory/raft`; without `keys`, its data key is in there too.
    package init(
        directory: String,
        keys: DataKeyRing? = nil,
        fileSystem: any FileSystem = PosixFileSystem()
    ) {
        self.directory = directory
        self.keys = keys
        self.fileSystem = fileSystem
    }

    /// The other members of the group, as far as this member's log knows.
    package func others(than raftID: UInt64) throws(LogError) -> [SwarmRaftMember] {
        let storage = try self.open()
        return Self.group(storage, raftID).members.filter { $0.raftID != raftID }
    }

    /// Makes this member the only one of its group.
    ///
    /// Everything in its log counts as committed: what the lost majority acknowledged may be there, and nothing
    /// else can say. The removal of the others is appended to the log with one write; repeating it changes
    /// nothing more. Returns whom it removed. SwarmKit's `force-new-cluster`.
    package func forceNewGroup(of raftID: UInt64) throws(LogError) -> [SwarmRaftMember] {
        var storage = try self.open()
        let group = Self.group(storage, raftID)
        let others = group.members.filter { $0.raftID != raftID }
        let last = max(storage.contents.lastIndex, storage.snapshot?.index ?? 0)
        let term = max(storage.contents.hardState?.term ?? 0, storage.snapshot?.term ?? 0) + 1
        let changes = Self.changes(group, keeping: raftID)
        var records: [LogRecord] = []
        for (offset, change) in changes.enumerated() {
            let entry = LogEntry(
                term: term,
                index: last + UInt64(offset) + 1,
                type: .entryConfChange,
                data: RaftWire.encodeV1(change)
            )
            records.append(.entry(entry))
        }
        let state = RaftHardState.with {
            $0.term = term
            $0.commit = last + UInt64(changes.count)
        }
        try storage.log.append(records + [.hardState(state), .mark])
        return others
    }

    /// Begins a log of a group of one with a backup's state; there must be none yet.
    package func restore(_ backup: Backup, as member: SwarmRaftMember) throws(LogError) {
        let file = try MemberFile(directory: self.directory, fileSystem: self.fileSystem)
        let storage = try self.open()
        guard storage.contents.lastIndex == 0, storage.snapshot == nil else {
            throw .occupied(path: self.directory)
        }
        guard var image = try? SwarmSnapshot(serializedBytes: backup.body) else {
            throw .corrupt(path: self.directory, offset: 0, reason: "the backup holds no state")
        }
        let old = image.membership
        image.membership = .with {
            $0.members = [member]
            $0.removed = (old.removed + old.members.map(\.raftID)).filter { $0 != member.raftID }
        }
        guard let bytes: [UInt8] = try? image.serializedBytes() else {
            preconditionFailure("a snapshot of \(backup.body.count) bytes can't be serialized again")
        }
        let configuration = RaftConfState.with { $0.voters = [member.raftID] }
        try storage.snapshots.store(
            StoredSnapshot(term: 1, index: backup.index, configuration: configuration, bytes: bytes)
        )
        try file.store(member.raftID)
    }

    private func open() throws(LogError) -> LogStorage {
        guard let keys = self.keys else {
            return try LogStorage(directory: self.directory, fileSystem: self.fileSystem)
        }
        return try LogStorage(directory: self.directory, keys: keys, fileSystem: self.fileSystem)
    }

    /// The group after everything in the log.
    private static func group(_ storage: borrowing LogStorage, _ raftID: UInt64) -> MemberList {
        let start = GroupStart(storage, origin: .join(raftID: raftID))
        var group = start.membership
        for entry in storage.contents.entries {
            let decoded = RaftWire.entry(
                term: entry.term,
                index: entry.index,
                type: entry.type,
                data: entry.data
            )
            if case .configuration(let change)? = decoded?.payload { group.apply(change) }
        }
        return group
    }

    /// Removes everybody else, and makes sure that the one who stays votes.
    private static func changes(_ group: MemberList, keeping raftID: UInt64) -> [ConfigurationChange] {
        let own =
            group.member(RaftID(rawValue: raftID))
            ?? .with {
                $0.raftID = raftID
            }
        let context: [UInt8] = (try? own.serializedBytes()) ?? []
        let stay = ConfigurationChange(v1: .addVoter, RaftID(rawValue: raftID), context: context)
        let removals = group.members.filter { $0.raftID != raftID }
            .map { ConfigurationChange(v1: .remove, RaftID(rawValue: $0.raftID)) }
        return removals.isEmpty ? [] : [stay] + removals
    }
}
