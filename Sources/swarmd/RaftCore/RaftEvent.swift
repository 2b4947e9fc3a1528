/// Something that happened in the core and that people may want to read about.
///
/// Events change nothing; they are for logs and for the history of elections.
package enum RaftEvent: Sendable, Equatable {
    /// Why a member stands for election.
    package enum ElectionReason: Sendable, Equatable {
        /// It did not hear from a leader for an election timeout.
        case timeout
        /// Its driver asked for it.
        case request
        /// The leader hands over to it.
        case transfer(from: RaftID)
    }

    /// Why a vote was refused.
    package enum RefusalReason: Sendable, Equatable {
        /// A leader was heard of only just.
        case leaderAlive(RaftID)
        /// The vote of this term is given.
        case votedFor(RaftID)
        /// A leader of this term is known.
        case leaderKnown(RaftID)
        /// The candidate's log ends before ours.
        case logBehind(candidate: EntryPosition, own: EntryPosition)
        /// The question came from an older term.
        case oldTerm(UInt64)
    }

    /// An election begins, at the term before it.
    case electionStarted(term: UInt64, reason: ElectionReason)
    /// The member wanted to stand but may not.
    case electionImpossible(term: UInt64, reason: String)
    /// The member follows; `leader` is `.none` while it knows none.
    case becameFollower(term: UInt64, leader: RaftID)
    /// The member follows a leader of which it did not know.
    case followsLeader(term: UInt64, leader: RaftID)
    /// The member asks whether it would win.
    case becamePreCandidate(term: UInt64)
    /// The member stands for election.
    case becameCandidate(term: UInt64)
    /// The member won.
    case becameLeader(term: UInt64)
    /// The member gives its vote, or in a pre-vote says that it would.
    case voteGranted(to: RaftID, term: UInt64, isPreVote: Bool)
    /// The member keeps its vote.
    case voteRefused(to: RaftID, term: UInt64, isPreVote: Bool, reason: RefusalReason)
    /// A vote for this member arrived, or the refusal of one.
    case voteReceived(from: RaftID, term: UInt64, isPreVote: Bool, granted: Bool)
    /// The leader steps down, because too few members are heard of.
    case quorumLost(term: UInt64)
    /// The leader steps down, because it was removed or demoted.
    case leaderRemoved(term: UInt64)
    /// The leader begins to hand over.
    case transferStarted(to: RaftID)
    /// The leader keeps leading.
    case transferAborted(to: RaftID)
    /// The follower forgot its leader on request.
    case leaderForgotten(RaftID)
    /// The log begins anew at a snapshot.
    case snapshotRestored(EntryPosition)
    /// A member gets a snapshot, because the log no longer reaches back to what it lacks.
    case snapshotSent(to: RaftID, position: EntryPosition)
    /// A proposed configuration change was replaced by an empty entry.
    case configurationChangeRefused(id: UInt64, reason: String)
    /// Another configuration is in force.
    case configurationChanged(ConfigurationState)
}
