import FoundationEssentials
package import RaftCore
package import SwarmAPI
import SwiftProtobuf

/// Raft's values as `raftpb` carries them.
///
/// What a peer sends that has no meaning here (an unknown kind, a change that can't be read) gives nil: such
/// a message is dropped.
package enum RaftWire {
    /// The message for the wire.
    ///
    /// Fields that are zero are left out but for those that etcd-raft's peers of version 3.3 expect; it
    /// reads absent ones as zero.
    package static func encode(_ message: RaftCore.Message) -> RaftMessage {
        var wire = RaftMessage()
        wire.type = RaftMessageType(rawValue: Int(message.kind.rawValue)) ?? .msgHup
        wire.to = message.to.rawValue
        wire.from = message.from.rawValue
        wire.term = message.term
        wire.logTerm = message.logTerm
        wire.index = message.index
        wire.entries = message.entries.map(Self.encode)
        wire.commit = message.commit
        if message.vote != .none { wire.vote = message.vote.rawValue }
        if let snapshot = message.snapshot { wire.snapshot = Self.encode(snapshot) }
        wire.reject = message.reject
        wire.rejectHint = message.rejectHint
        if !message.context.isEmpty { wire.context = Data(message.context) }
        return wire
    }

    /// The message of a peer; nil if it is none that members send each other.
    package static func decode(_ wire: RaftMessage) -> RaftCore.Message? {
        guard wire.hasType, let number = UInt8(exactly: wire.type.rawValue),
            let kind = RaftCore.Message.Kind(rawValue: number), !kind.isLocal
        else { return nil }
        var message = RaftCore.Message(
            kind,
            to: RaftID(rawValue: wire.to),
            from: RaftID(rawValue: wire.from)
        )
        message.term = wire.term
        message.logTerm = wire.logTerm
        message.index = wire.index
        message.commit = wire.commit
        message.vote = RaftID(rawValue: wire.vote)
        message.reject = wire.reject
        message.rejectHint = wire.rejectHint
        message.context = Array(wire.context)
        message.entries.reserveCapacity(wire.entries.count)
        for entry in wire.entries {
            guard let decoded = Self.decode(entry) else { return nil }
            message.entries.append(decoded)
        }
        // Peers before 3.6 always send one; index 0 stands for none.
        if wire.hasSnapshot, wire.snapshot.metadata.index > 0 {
            message.snapshot = Self.decode(wire.snapshot)
        }
        guard kind != .snapshot || message.snapshot != nil else { return nil }
        return message
    }

    /// The entry for the wire; without data it has no `Data` field (SwarmKit takes an empty one for a request).
    static func encode(_ entry: Entry) -> RaftEntry {
        var wire = RaftEntry()
        wire.term = entry.term
        wire.index = entry.index
        let (type, data) = Self.body(of: entry)
        wire.type = type
        if !data.isEmpty { wire.data = Data(data) }
        return wire
    }

    static func decode(_ wire: RaftEntry) -> Entry? {
        Self.entry(term: wire.term, index: wire.index, type: wire.type, data: Array(wire.data))
    }

    /// An entry's type and bytes.
    static func body(of entry: Entry) -> (type: RaftEntryType, data: [UInt8]) {
        switch entry.payload {
        case .normal(let data): (.entryNormal, data)
        case .configuration(let change) where change.isV1: (.entryConfChange, Self.encodeV1(change))
        case .configuration(let change): (.entryConfChangeV2, Self.encodeV2(change))
        }
    }

    static func entry(term: UInt64, index: UInt64, type: RaftEntryType, data: [UInt8]) -> Entry? {
        switch type {
        case .entryNormal: return Entry(term: term, index: index, payload: .normal(data))
        case .entryConfChange:
            guard let wire = try? RaftConfChange(serializedBytes: data), let change = Self.decode(wire) else {
                return nil
            }
            return Entry(term: term, index: index, payload: .configuration(change))
        case .entryConfChangeV2:
            guard let wire = try? RaftConfChangeV2(serializedBytes: data) else { return nil }
            return Entry(term: term, index: index, payload: .configuration(Self.decode(wire)))
        }
    }
}

// MARK: - Snapshots and states

extension RaftWire {
    package static func encode(_ snapshot: Snapshot) -> RaftSnapshot {
        .with {
            if !snapshot.data.isEmpty { $0.data = Data(snapshot.data) }
            $0.metadata.index = snapshot.index
            $0.metadata.term = snapshot.term
            $0.metadata.confState = Self.encode(snapshot.configuration)
        }
    }

    package static func decode(_ wire: RaftSnapshot) -> Snapshot {
        Snapshot(
            index: wire.metadata.index,
            term: wire.metadata.term,
            configuration: Self.decode(wire.metadata.confState),
            data: Array(wire.data)
        )
    }

    /// The group as snapshots on the wire and on disk name it.
    package static func encode(_ state: ConfigurationState) -> RaftConfState {
        .with {
            $0.voters = state.voters.map(\.rawValue)
            $0.learners = state.learners.map(\.rawValue)
            $0.votersOutgoing = state.votersOutgoing.map(\.rawValue)
            $0.learnersNext = state.learnersNext.map(\.rawValue)
            $0.autoLeave = state.autoLeave
        }
    }

    /// The group that a snapshot names.
    package static func decode(_ wire: RaftConfState) -> ConfigurationState {
        ConfigurationState(
            voters: wire.voters.map(RaftID.init(rawValue:)).sorted(),
            votersOutgoing: wire.votersOutgoing.map(RaftID.init(rawValue:)).sorted(),
            learners: wire.learners.map(RaftID.init(rawValue:)).sorted(),
            learnersNext: wire.learnersNext.map(RaftID.init(rawValue:)).sorted(),
            autoLeave: wire.autoLeave
        )
    }
}

// MARK: - Changes of the group

extension RaftWire {
    static func encodeV1(_ change: ConfigurationChange) -> [UInt8] {
        guard let single = change.changes.first, change.changes.count == 1 else {
            preconditionFailure("\(change.changes.count) changes in an entry that holds one")
        }
        let wire = RaftConfChange.with {
            $0.id = change.id
            $0.type = RaftConfChangeType(rawValue: Int(single.kind.rawValue)) ?? .confChangeUpdateNode
            $0.nodeID = single.node.rawValue
            if !change.context.isEmpty { $0.context = Data(change.context) }
        }
        return Self.bytes(wire)
    }

    static func encodeV2(_ change: ConfigurationChange) -> [UInt8] {
        let wire = RaftConfChangeV2.with {
            $0.transition =
                RaftConfChangeTransition(rawValue: Int(change.transition.rawValue))
                ?? .auto
            $0.changes = change.changes.map { single in
                .with {
                    $0.type =
                        RaftConfChangeType(rawValue: Int(single.kind.rawValue)) ?? .confChangeUpdateNode
                    $0.nodeID = single.node.rawValue
                }
            }
            if !change.context.isEmpty { $0.context = Data(change.context) }
        }
        return Self.bytes(wire)
    }

    private static func decode(_ wire: RaftConfChange) -> ConfigurationChange? {
        guard let kind = Self.kind(wire.type) else { return nil }
        let node = RaftID(rawValue: wire.nodeID)
        return ConfigurationChange(v1: kind, node, id: wire.id, context: Array(wire.context))
    }

    private static func decode(_ wire: RaftConfChangeV2) -> ConfigurationChange {
        ConfigurationChange(
            wire.changes.compactMap { single in
                Self.kind(single.type).map { .init($0, RaftID(rawValue: single.nodeID)) }
            },
            transition: UInt8(exactly: wire.transition.rawValue).flatMap { .init(rawValue: $0) } ?? .auto,
            context: Array(wire.context)
        )
    }

    private static func kind(_ type: RaftConfChangeType) -> ConfigurationChange.Kind? {
        UInt8(exactly: type.rawValue).flatMap { .init(rawValue: $0) }
    }

    private static func bytes(_ message: some SwiftProtobuf.Message) -> [UInt8] {
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            preconditionFailure("a \(type(of: message)) can't be serialized")
        }
        return bytes
    }
}
