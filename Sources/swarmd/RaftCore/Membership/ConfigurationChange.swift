/// A proposed change of the group.
package struct ConfigurationChange: Sendable, Equatable {
    /// How a joint configuration is left again.
    package enum Transition: UInt8, Sendable {
        /// One change needs no joint configuration; several are left by themselves.
        case auto = 0
        /// The joint configuration is left by itself.
        case implicit = 1
        /// The joint configuration stays until an empty change is proposed.
        case explicit = 2
    }

    /// What happens to one member; the numbers are those of the wire.
    package enum Kind: UInt8, Sendable {
        /// It votes from now on.
        case addVoter = 0
        /// It leaves.
        case remove = 1
        /// Something that only the state machine knows changes.
        case update = 2
        /// It gets the log, but has no vote.
        case addLearner = 3
    }

    /// What happens to one member.
    package struct Change: Sendable, Equatable {
        /// What happens.
        package var kind: Kind
        /// To whom; `.none` for a change that was cancelled.
        package var node: RaftID

        /// A change of one member.
        package init(_ kind: Kind, _ node: RaftID) {
            self.kind = kind
            self.node = node
        }
    }

    /// Tells proposals apart; only the old form carries it.
    package var id: UInt64
    /// How a joint configuration is left.
    package var transition: Transition
    /// The changes; none to leave a joint configuration.
    package var changes: [Change]
    /// What the state machine gets along.
    package var context: [UInt8]
    /// Whether it has the form that etcd before 3.4 understands too: exactly one change.
    package let isV1: Bool

    /// A change of any number of members, as etcd since 3.4 understands it.
    package init(_ changes: [Change] = [], transition: Transition = .auto, context: [UInt8] = []) {
        self.id = 0
        self.transition = transition
        self.changes = changes
        self.context = context
        self.isV1 = false
    }

    /// A change of one member that every version of etcd understands.
    package init(v1 kind: Kind, _ node: RaftID, id: UInt64 = 0, context: [UInt8] = []) {
        self.id = id
        self.transition = .auto
        self.changes = [Change(kind, node)]
        self.context = context
        self.isV1 = true
    }

    /// Whether it leaves a joint configuration.
    package var leavesJoint: Bool { self.transition == .auto && self.changes.isEmpty }

    /// Whether it goes through a joint configuration.
    package var entersJoint: Bool { self.transition != .auto || self.changes.count > 1 }

    /// The number of bytes of raftpb's message; 0 for the empty change, which is written without data.
    package var encodedSize: Int {
        let context = self.context.isEmpty ? 0 : Self.field(self.context.count)
        if self.isV1 {
            let change = self.changes[0]
            return 1 + varintSize(self.id) + 2 + 1 + varintSize(change.node.rawValue) + context
        }
        if self.leavesJoint, self.context.isEmpty { return 0 }
        return 2 + context
            + self.changes.reduce(0) { $0 + Self.field(2 + 1 + varintSize($1.node.rawValue)) }
    }

    /// The bytes of a field that holds `count` bytes.
    private static func field(_ count: Int) -> Int { 1 + varintSize(UInt64(count)) + count }
}
