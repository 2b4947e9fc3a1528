/// What a member knows of itself and, if it leads, of the others.
package struct RaftStatus: Sendable, Equatable {
    /// Who the member is.
    package let id: RaftID
    /// What it would know again after a restart.
    package let hardState: HardState
    /// Its role and its leader.
    package let softState: SoftState
    /// Up to where its state machine is.
    package let applied: UInt64
    /// To whom leadership is being handed over, or `.none`.
    package let leadTransferee: RaftID
    /// The group.
    package let configuration: ConfigurationState
    /// The members in ascending order; empty unless this one leads.
    package let peers: [Peer]

    /// What a leader knows of a member.
    package struct Peer: Sendable, Equatable {
        /// Who it is.
        package let id: RaftID
        /// How it is sent to, with the index of the snapshot that it waits for.
        package let state: Progress.State
        /// Up to where its log is known to be the leader's.
        package let match: UInt64
        /// The next entry to send.
        package let next: UInt64
        /// Whether it was heard of since the last check of the quorum.
        package let isRecentlyActive: Bool
        /// Whether it answers: it was heard of since the check before the last, and not lost since.
        package let answers: Bool
        /// Whether it has no vote.
        package let isLearner: Bool
        /// Whether no entries are sent for now.
        package let isPaused: Bool
        /// The messages on their way to it.
        package let inflights: Int
        /// Whether no more may be on their way.
        package let isInflightFull: Bool

        /// What the table knows of a member.
        package init(_ peer: PeerTable.Peer) {
            self.id = peer.id
            self.state = peer.progress.state
            self.match = peer.progress.match
            self.next = peer.progress.next
            self.isRecentlyActive = peer.progress.isRecentlyActive
            self.answers = peer.progress.answers
            self.isLearner = peer.progress.isLearner
            self.isPaused = peer.progress.isPaused
            self.inflights = peer.progress.inflights.count
            self.isInflightFull = peer.progress.inflights.isFull
        }

        /// The snapshot that it waits for; nil if it waits for none.
        package var pendingSnapshot: UInt64? {
            if case .snapshot(let pending) = self.state { pending } else { nil }
        }
    }

    init(_ raft: Raft) {
        self.id = raft.id
        self.hardState = raft.hardState
        self.softState = raft.softState
        self.applied = raft.log.applied
        self.leadTransferee = raft.leadership.transferee
        self.configuration = raft.members.membership.state
        let isLeader = raft.role == .leader
        self.peers = isLeader ? raft.members.peers.indices.map { Peer(raft.members.peers[$0]) } : []
    }
}
