/// Single facts that a driver asks for often, without the cost of a whole status.
extension RaftNode {
    /// What it would know again after a restart.
    package var hardState: HardState { self.raft.hardState }

    /// The group that is in force.
    package var configuration: ConfigurationState { self.raft.members.membership.state }

    /// To whom leadership is being handed over, or `.none`.
    package var leadTransferee: RaftID { self.raft.leadership.transferee }

    /// The term of the entry at `index`, durable or not; nil if it is compacted or not there yet.
    package func term(at index: UInt64) -> UInt64? { self.raft.log.term(at: index) }

    /// Whether it is the only voter, so that it has nobody to wait for.
    package var isAlone: Bool {
        let group = self.configuration
        return group.voters == [self.id] && group.votersOutgoing.isEmpty
    }
}
