extension Message {
    /// What a message says; the numbers are those of raftpb.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// Stand for election; never sent.
        case campaign = 0
        /// Send heartbeats; never sent.
        case beat = 1
        /// Append these entries.
        case propose = 2
        /// The leader's entries.
        case append = 3
        /// How far the log reaches now, or that it does not fit.
        case appendResponse = 4
        /// A candidate wants a vote.
        case vote = 5
        /// The vote.
        case voteResponse = 6
        /// The leader's snapshot.
        case snapshot = 7
        /// The leader lives.
        case heartbeat = 8
        /// So does the follower.
        case heartbeatResponse = 9
        /// A member could not be reached; never sent.
        case unreachable = 10
        /// How the sending of a snapshot ended; never sent.
        case snapshotStatus = 11
        /// See whether a quorum was heard of; never sent.
        case checkQuorum = 12
        /// Hand leadership to `from`.
        case transferLeader = 13
        /// Stand for election now: the leader hands over.
        case timeoutNow = 14
        /// What is the read index?
        case readIndex = 15
        /// The read index.
        case readIndexResponse = 16
        /// Would I get your vote?
        case preVote = 17
        /// Yes or no.
        case preVoteResponse = 18
        /// Make this durable (asynchronous storage only).
        case storageAppend = 19
        /// It is durable.
        case storageAppendResponse = 20
        /// Apply this (asynchronous storage only).
        case storageApply = 21
        /// It is applied.
        case storageApplyResponse = 22
        /// Forget your leader.
        case forgetLeader = 23
    }
}

extension Message.Kind {
    /// Whether only the member itself and its threads send it.
    package var isLocal: Bool {
        switch self {
        case .campaign, .beat, .unreachable, .snapshotStatus, .checkQuorum, .storageAppend,
            .storageAppendResponse, .storageApply, .storageApplyResponse:
            true
        case .propose, .append, .appendResponse, .vote, .voteResponse, .snapshot, .heartbeat,
            .heartbeatResponse, .transferLeader, .timeoutNow, .readIndex, .readIndexResponse, .preVote,
            .preVoteResponse, .forgetLeader:
            false
        }
    }

    /// Whether it answers something, so that only members can have sent it.
    package var isResponse: Bool {
        switch self {
        case .appendResponse, .voteResponse, .heartbeatResponse, .unreachable, .readIndexResponse,
            .preVoteResponse, .storageAppendResponse, .storageApplyResponse:
            true
        case .campaign, .beat, .propose, .append, .vote, .snapshot, .snapshotStatus, .checkQuorum,
            .transferLeader, .timeoutNow, .readIndex, .preVote, .storageAppend, .storageApply, .heartbeat,
            .forgetLeader:
            false
        }
    }

    /// Whether it belongs to no term when it comes from the network.
    var isTermless: Bool {
        switch self {
        case .propose, .readIndex, .transferLeader, .forgetLeader, .storageApplyResponse: true
        default: false
        }
    }
}
