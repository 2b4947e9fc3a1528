import Logging
import Primitives
import RaftCore
import Replication
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Keeps nodes' objects and the raft group in step while this manager leads.
///
/// What nodes' `manager_status` says (who leads, who answers, where each listens) follows the group; and a
/// member that came as a learner votes as soon as it has caught up. Joining as a voter would stop the group's
/// writes until the newcomer has the whole state. A node's role follows the one that is wanted: at once where it is to be
/// a manager; where it is to be a worker, the group lets it go first, unless that would cost the group its majority. A
/// node that was removed from the cluster leaves the group too (SwarmKit `role_manager.go`).
struct GroupKeeper: Sendable {
    /// How often it looks; nothing tells when a member falls silent.
    private static let interval = Duration.milliseconds(250)
    /// How long a leader that is to go may take to hand over (SwarmKit `manager/role_manager.go`).
    private static let handOver = Duration.seconds(5)
    /// How many entries a learner may lack when it is given its vote.
    static let lag: UInt64 = 512

    private let store: ReplicatedStore
    private let group: GroupProposer
    private let clock: any WallClock
    private let log: Logger

    init(store: ReplicatedStore, group: GroupProposer, clock: any WallClock, log: Logger) {
        self.store = store
        self.group = group
        self.clock = clock
        self.log = log
    }

    /// Works until it is cancelled or leadership is lost.
    func run() async throws {
        while !Task.isCancelled {
            let members = self.group.members
            let state = await self.store.committed.state
            if !Self.outdated(state, members).isEmpty {
                try await self.store.update { transaction in
                    for node in Self.outdated(transaction.state, members) { try transaction.update(node) }
                }
            }
            await self.promote(members)
            await self.dismiss(Self.leaving(state, members))
            try await self.clock.sleep(until: self.clock.now + Self.interval)
        }
    }

    /// The nodes whose `manager_status` is not what the group says, as they should be.
    static func outdated(_ state: StoreState, _ members: [SwarmRaftMember]) -> [SwarmNode] {
        state.nodes.all.compactMap { node in
            let status = members.first { $0.nodeID == node.id }.map(Self.status)
            let isDismissed = status == nil && node.spec.desiredRole == .worker && node.role == .manager
            // Its certificate follows, and with that it joins the group.
            let isPromoted = node.spec.desiredRole == .manager && node.role == .worker
            let isTrue = status == (node.hasManagerStatus ? node.managerStatus : nil)
            guard isDismissed || isPromoted || !isTrue else { return nil }
            var node = node
            if let status { node.managerStatus = status } else { node.clearManagerStatus() }
            if isDismissed { node.role = .worker }
            if isPromoted { node.role = .manager }
            return node
        }
    }

    /// The members whose nodes are to be workers, or were removed from the cluster.
    static func leaving(_ state: StoreState, _ members: [SwarmRaftMember]) -> [SwarmRaftMember] {
        let removed = state.clusters.named(ClusterBootstrap.clusterName)?.blacklistedCertificates ?? [:]
        return members.filter { member in
            guard let node = state.nodes[member.nodeID] else { return removed[member.nodeID] != nil }
            return node.spec.desiredRole == .worker
        }
    }

    private static func status(of member: SwarmRaftMember) -> SwarmManagerStatus {
        .with {
            $0.raftID = member.raftID
            $0.addr = member.addr
            $0.leader = member.status.leader
            $0.reachability = member.status.reachability
        }
    }

    private func promote(_ members: [SwarmRaftMember]) async {
        let status = self.group.status
        for peer in status.peers where peer.isLearner && peer.isActive {
            guard peer.match + Self.lag >= status.commitIndex,
                let member = members.first(where: { $0.raftID == peer.member })
            else { continue }
            do throws(ProposalError) {
                try await self.group.add(member, asLearner: false)
                self.log.notice("a manager has caught up and votes", metadata: ["node": "\(member.nodeID)"])
            } catch {
                // The next look tries again.
                self.log.debug("a learner got no vote yet", metadata: ["error": "\(error)"])
            }
        }
    }

    private func dismiss(_ members: [SwarmRaftMember]) async {
        for member in members where self.group.canRemove(RaftID(rawValue: member.raftID)) {
            if member.raftID == self.group.id.rawValue {
                // The next leader lets this one go: nobody misses a leader then.
                await self.group.handOver(within: Self.handOver)
                guard !self.group.isLeader else { continue }
                return
            }
            do throws(ProposalError) {
                try await self.group.remove(RaftID(rawValue: member.raftID))
                self.log.notice(
                    "a manager was removed from the group",
                    metadata: ["node": "\(member.nodeID)"]
                )
            } catch {
                // The next look tries again.
                self.log.debug("a manager is still in the group", metadata: ["error": "\(error)"])
            }
        }
    }
}
