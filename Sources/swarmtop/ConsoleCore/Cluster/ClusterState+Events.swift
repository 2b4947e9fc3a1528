import Primitives
import SwarmAPI

extension ClusterState {
    /// A complete state, as it is listed.
    struct Parts: Sendable {
        var cluster: SwarmCluster?
        var nodes: [SwarmNode] = []
        var services: [SwarmService] = []
        var tasks: [SwarmTask] = []
        var networks: [SwarmNetwork] = []
        var secrets: [SwarmSecret] = []
        var configs: [SwarmConfig] = []
    }

    /// What was known of one object.
    struct Known: Sendable {
        var task: TaskRow?
        var service: ServiceRow?
        var node: NodeRow?
        var asset: AssetRow?
        var clusterVersion: UInt64 = 0
    }
}

/// Telling of changes what they mean.
extension ClusterState {
    /// What is known of the object that `event` is about.
    func rows(of event: SwarmWatchMessage.Event) -> Known {
        guard let id = event.object.identity?.key.id else {
            return Known(clusterVersion: self.clusterVersion)
        }
        return Known(
            task: self.tasks[id],
            service: self.services[id],
            node: self.nodes[id],
            asset: self.assets.rows[id]
        )
    }

    /// Notes what `event` changed, where there is something to tell.
    mutating func tell(_ event: SwarmWatchMessage.Event, before: Known, now: Timestamp) {
        let strings = Strings(self.language)
        guard let key = event.object.identity?.key else {
            guard self.clusterVersion > before.clusterVersion else { return }
            let text = strings.clusterChanged
            return self.history.add("cluster", self.clusterID, self.name, text, .notice, at: now)
        }
        let after = self.rows(of: event)
        let isGone = event.action == .watchActionRemove
        let removed: EventWords.Words = (strings.removed, key.kind == .task ? .detail : .notice)
        let told: (name: String, words: EventWords.Words?)?
        switch key.kind {
        case .task:
            told = (after.task ?? before.task).map { row in
                (
                    self.taskName(row),
                    EventWords.task(before.task, row, on: self.nodeName(row.nodeID), strings)
                )
            }
        case .service:
            told = (after.service ?? before.service).map {
                ($0.name, EventWords.service(before.service, $0, strings))
            }
        case .node:
            told = (after.node ?? before.node).map { ($0.name, EventWords.node(before.node, $0, strings)) }
        case .network, .secret, .config:
            told = (after.asset ?? before.asset).map {
                ($0.name, EventWords.asset(before.asset, $0, strings))
            }
        }
        guard let told, let words = isGone ? removed : told.words else { return }
        self.history.add(key.kind.rawValue, key.id, told.name, words.text, words.level, at: now)
    }

    /// Notes that the group has another leader than `before`, or none.
    mutating func tellLeader(before: SwarmdConsoleStatus?, now: Timestamp) {
        guard let old = before?.raft, let new = self.status?.raft, old.leaderID != new.leaderID else {
            return
        }
        let strings = Strings(self.language)
        let isLost = new.leaderID.isEmpty
        let name = isLost ? "-" : self.nodeName(new.leaderID)
        let text = isLost ? strings.noLeader(in: new.term) : strings.leads(in: new.term)
        self.history.add("raft", new.leaderID, name, text, isLost ? .bad : .notice, at: now)
    }
}
