package import Primitives
package import ReplicatedStore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

/// Who answers the console.
package struct ConsoleIdentity: Sendable {
    let nodeID: String
    let hostname: String
    /// The daemon's version, "0.1.0".
    let version: String

    package init(nodeID: String, hostname: String, version: String) {
        self.nodeID = nodeID
        self.hostname = hostname
        self.version = version
    }
}

/// Where the console's status comes from.
package struct ConsoleSources: Sendable {
    let store: ReplicatedStore
    let logStatus: @Sendable () async -> LogStatus
    let sessions: @Sendable () async -> [SwarmdDispatcherSession]
    let sessionChanges: AsyncStream<Void>
    let members: @Sendable () async -> [SwarmRaftMember]
    let now: @Sendable () -> Timestamp
    /// Reports of a manager elsewhere, until nobody wants more.
    package typealias Reports =
        @Sendable (
            _ address: String, _ report: @escaping @Sendable (SwarmdConsoleStatus) -> Bool
        ) async throws -> Void
    let reports: Reports
    /// Hands leadership to the member with this identifier; returns whether this manager leads no more.
    let handOver: @Sendable (_ raftID: UInt64) async -> Bool
    /// What this manager refused since it started, by reason; always in the same order.
    let refusals: @Sendable () -> [SwarmdRefusalCount]
    let trust = TrustBoard()
    let leaderView = LeaderView()

    /// Stores the sources.
    ///
    /// `sessionChanges` says that `sessions` would answer otherwise; it is read by one service only.
    /// `members` gives the managers' group, this manager included. `reports` hands on what the manager at an
    /// address says of the group, until it is told that this is enough.
    package init(
        store: ReplicatedStore,
        logStatus: @escaping @Sendable () async -> LogStatus,
        sessions: @escaping @Sendable () async -> [SwarmdDispatcherSession],
        sessionChanges: AsyncStream<Void>,
        members: @escaping @Sendable () async -> [SwarmRaftMember],
        now: @escaping @Sendable () -> Timestamp,
        reports: @escaping Reports = { _, _ in },
        handOver: @escaping @Sendable (_ raftID: UInt64) async -> Bool = { _ in false },
        refusals: @escaping @Sendable () -> [SwarmdRefusalCount] = { [] }
    ) {
        self.store = store
        self.logStatus = logStatus
        self.sessions = sessions
        self.sessionChanges = sessionChanges
        self.members = members
        self.now = now
        self.reports = reports
        self.handOver = handOver
        self.refusals = refusals
    }
}

extension ConsoleSources {
    /// Follows the leader's view of the group, unless `nodeID` leads; calls `changed` at each report, and goes
    /// on while that returns true.
    func followLeader(from nodeID: String, changed: @escaping @Sendable () -> Bool) async {
        guard let leader = await self.members().first(where: \.status.leader), leader.nodeID != nodeID else {
            return
        }
        // A leader that tells nothing, or no more, leaves this manager with what it knows itself.
        try? await self.reports(leader.addr) { status in
            let leads = self.leaderView.take(status, now: self.now())
            return changed() && leads
        }
    }

    /// Whether a status would tell other of the certificates than the one before, though nothing was committed.
    var isTrustDue: Bool { self.trust.isDue(self.refusals(), now: self.now()) }

    /// A status with everything but the tasks, and the edition of its certificates.
    func status(for identity: ConsoleIdentity) async -> (status: SwarmdConsoleStatus, trust: UInt64) {
        let log = await self.logStatus()
        let marks = self.trust.marks
        let committed = await self.store.committed
        let members = await self.members()
        var status = SwarmdConsoleStatus()
        status.nodeID = identity.nodeID
        status.hostname = identity.hostname
        status.version = identity.version
        if let cluster = committed.state.clusters.named(ClusterView.name) {
            status.clusterID = cluster.id
            status.clusterName = cluster.spec.annotations.name
        }
        let leader = members.first { $0.status.leader }?.nodeID ?? ""
        status.raft = Self.progress(log, applied: committed.index)
        status.raft.leaderID = leader
        status.raft.members = members.sorted { $0.nodeID < $1.nodeID }.map { member in
            let told = self.leaderView.member(member.raftID, by: leader, now: self.now())
            return Self.peer(member, log, told: told)
        }
        status.sessions = await self.sessions().sorted { $0.nodeID < $1.nodeID }
        let trust = self.trust.edition(of: committed, asOf: marks, self.refusals(), now: self.now())
        status.trust = trust.status
        status.at = self.now().protobuf
        return (status, trust.number)
    }

    private static func progress(_ log: LogStatus, applied: UInt64) -> SwarmdRaftProgress {
        var progress = SwarmdRaftProgress()
        progress.term = log.term
        progress.commitIndex = log.commitIndex
        progress.appliedIndex = applied
        progress.firstIndex = log.firstIndex
        progress.snapshotIndex = log.snapshotIndex
        progress.logBytes = log.bytesOnDisk
        progress.elections = log.history.map { change in
            .with {
                $0.term = change.term
                $0.event = change.event
                $0.at = change.at.protobuf
            }
        }
        return progress
    }

    /// A member, as the leader told it or, without that, as this manager knows it.
    private static func peer(
        _ member: SwarmRaftMember,
        _ log: LogStatus,
        told: SwarmdRaftPeer?
    ) -> SwarmdRaftPeer {
        if let told, log.leader != log.member { return told }
        var peer = SwarmdRaftPeer()
        peer.nodeID = member.nodeID
        peer.raftID = member.raftID
        peer.addr = member.addr
        peer.leader = member.status.leader
        peer.reachable = member.status.reachability == .reachable
        if let progress = log.peers.first(where: { $0.member == member.raftID }) {
            peer.match = progress.match
            peer.next = progress.next
            peer.learner = progress.isLearner
            if let contact = progress.lastContact { peer.lastContact = contact.protobuf }
            if member.raftID != log.member { peer.progress = progress.progress }
        } else if member.raftID == log.member {
            peer.match = log.commitIndex
            peer.next = log.commitIndex + 1
        }
        return peer
    }
}
