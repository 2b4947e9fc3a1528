import Primitives
import SwarmAPI

/// The two header rows' facts, judged.
struct Health: Sendable, Equatable {
    enum Level: String, Sendable {
        case unknown = "...", ok = "OK", warning = "WARN", critical = "CRIT"

        var role: Style.Role {
            switch self {
            case .unknown: .muted
            case .ok: .good
            case .warning: .waiting
            case .critical: .bad
            }
        }
    }

    var managers = 0
    var reachable = 0
    var leader: String?
    var nodes = 0
    var ready = 0
    var services = 0
    var complete = 0
    var running = 0
    var wanted = 0
    var known = false

    init(_ cluster: ClusterState) {
        for node in cluster.nodes.values where node.gone == nil {
            self.nodes += 1
            if node.isReady { self.ready += 1 }
            if node.isManager {
                self.managers += 1
                if node.isReachable { self.reachable += 1 }
                if node.isLeader { self.leader = node.name }
            }
        }
        for service in cluster.services.values where service.gone == nil {
            let wanted = cluster.wanted(service)
            let running = cluster.running(service)
            self.services += 1
            self.wanted += wanted
            self.running += running
            if running >= wanted { self.complete += 1 }
        }
        if let raft = cluster.status?.raft, !cluster.isOutsideGroup {
            self.known = true
            self.leader = raft.leaderID.isEmpty ? nil : cluster.nodeName(raft.leaderID)
            let voters = raft.members.filter { !$0.learner }
            if !voters.isEmpty {
                self.managers = voters.count
                self.reachable = voters.filter(\.reachable).count
            }
        }
    }

    var group: Quorum { Quorum(managers: self.managers, reachable: self.reachable) }
    var quorum: Int { self.group.needed }
    var spare: Int { self.group.spare }

    var level: Level {
        if !self.known { return .unknown }
        if self.leader == nil || self.spare < 0 { return .critical }
        let whole = self.ready == self.nodes && self.complete == self.services
        return whole && self.reachable == self.managers ? .ok : .warning
    }
}
