/// Why the core refused an input; its state is as before, except that it may have adopted a newer term.
///
/// Everything here is something that a peer or a client did. What the driver does wrong is a trap.
package enum RaftError: Error, Equatable {
    /// Why a proposal was not taken.
    package enum DropReason: Sendable, Equatable {
        /// There is no leader to pass it to.
        case noLeader
        /// Another member leads and proposals are not to be forwarded.
        case forwardingDisabled(leader: RaftID)
        /// Leadership is being handed over.
        case transferInProgress(to: RaftID)
        /// The leader was removed from the group and serves out its time.
        case notMember
        /// Too much is uncommitted already: the proposal may be tried again later.
        case uncommittedLimit(bytes: UInt64)
    }

    /// A proposal was not taken.
    case proposalDropped(DropReason)
    /// There is no leader to ask for a read index.
    case readDropped
    /// So many reads wait for confirmation that no more are taken.
    case tooManyReads(limit: Int)
    /// A message from the network is of a kind that only members send to themselves.
    case localMessage(Message.Kind)
    /// A response came from somebody who is no member.
    case unknownPeer(RaftID)
    /// A message contradicts itself.
    case malformed(Message.Kind, reason: String)
    /// A leader believes that we hold entries which we don't: our log lost what it had acknowledged.
    case commitBeyondLog(commit: UInt64, lastIndex: UInt64)
    /// A leader wants to replace an entry that is committed here: one of the logs is corrupt.
    case conflictWithCommitted(index: UInt64, committed: UInt64)
    /// A change or a snapshot describes a group that can't be.
    case invalidMembership(MembershipError)
}

extension RaftError: CustomStringConvertible {
    /// What happened, in one sentence without a full stop.
    package var description: String {
        switch self {
        case .proposalDropped(let reason): "the proposal was dropped: \(reason)"
        case .readDropped: "there is no leader to ask for a read index"
        case .tooManyReads(let limit): "\(limit) reads wait already"
        case .localMessage(let kind): "\(kind) is no message for the network"
        case .unknownPeer(let id): "\(id) is no member"
        case .malformed(let kind, let reason): "malformed \(kind): \(reason)"
        case .commitBeyondLog(let commit, let last):
            "entry \(commit) is committed, but the log ends at \(last)"
        case .conflictWithCommitted(let index, let committed):
            "entry \(index) contradicts the log, which is committed up to \(committed)"
        case .invalidMembership(let error): "impossible membership: \(error)"
        }
    }
}

extension RaftError.DropReason: CustomStringConvertible {
    /// The reason, in a few words.
    package var description: String {
        switch self {
        case .noLeader: "no leader"
        case .forwardingDisabled(let leader): "\(leader) leads and forwarding is off"
        case .transferInProgress(let target): "leadership goes to \(target)"
        case .notMember: "the leader is no member any more"
        case .uncommittedLimit(let bytes): "\(bytes) bytes are uncommitted"
        }
    }
}
