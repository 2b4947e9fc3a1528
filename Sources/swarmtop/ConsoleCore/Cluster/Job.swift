import Primitives
import SwarmAPI

/// Something that takes a while, read off the cluster's state: every operator sees everybody's, and a console that
/// starts in the middle of one sees it too.
struct Job: Sendable, Equatable {
    var title: String
    /// Why it does not go on; nil while it does.
    var trouble: String?

    /// The job in one line.
    var text: String { self.trouble.map { "\(self.title)  stuck: \($0)" } ?? self.title }
    var role: Style.Role { self.trouble == nil ? .moving : .bad }

    /// All that are under way; those that are stuck first, then in the order of their views.
    static func all(in cluster: ClusterState) -> [Self] {
        var jobs = Self.updates(cluster) + Self.nodes(cluster)
        if let rotation = cluster.trust?.rotation { jobs.append(Self.rotation(rotation, cluster)) }
        return jobs.filter { $0.trouble != nil } + jobs.filter { $0.trouble == nil }
    }

    private static func updates(_ cluster: ClusterState) -> [Self] {
        let services = cluster.serviceOrder.keys.compactMap { cluster.services[$0.id] }
            .filter { $0.gone == nil && $0.isUpdating }
        guard !services.isEmpty else { return [] }
        // One walk for all of them, and none while nothing is updated.
        var renewed: [String: Int] = [:]
        let starts = Dictionary(services.map { ($0.id, $0.updateStarted) }) { $1 }
        for task in cluster.tasks.values where task.gone == nil && task.stage == .running {
            guard let start = starts[task.serviceID], task.created >= start else { continue }
            renewed[task.serviceID, default: 0] += 1
        }
        return services.map { service in
            let verb = service.isRollingBack ? "roll back" : "update"
            let count = "\(renewed[service.id] ?? 0)/\(cluster.wanted(service))"
            let words = service.updateMessage.isEmpty ? "paused" : service.updateMessage
            return Self(
                title: "\(verb) \(service.name) \(count)",
                trouble: service.isUpdatePaused ? words : nil
            )
        }
    }

    private static func nodes(_ cluster: ClusterState) -> [Self] {
        cluster.nodeOrder.keys.compactMap { cluster.nodes[$0.id] }.filter { $0.gone == nil }.compactMap {
            node in
            let down = node.isReady ? nil : "\(node.name) is not ready"
            if node.wantsManager != node.isManager {
                return Self(title: "\(node.wantsManager ? "promote" : "demote") \(node.name)", trouble: down)
            }
            let live = cluster.byNode[node.id]?.live ?? 0
            guard node.availability == .drain, live > 0 else { return nil }
            return Self(title: "drain \(node.name) \(live) left", trouble: down)
        }
    }

    private static func rotation(_ rotation: Trust.Rotation, _ cluster: ClusterState) -> Self {
        let blocker = cluster.nodeOrder.keys.compactMap { cluster.nodes[$0.id] }
            .first { rotation.blockers[$0.id] != nil && !$0.isReady }
        return Self(
            title: "CA rotation \(rotation.done)/\(rotation.nodes)",
            trouble: blocker.map { "\($0.name) \(rotation.blockers[$0.id] ?? "")" }
        )
    }
}

extension ServiceRow {
    /// An update or a roll-back has begun and has not ended.
    var isUpdating: Bool {
        switch self.updateState {
        case .updating, .paused, .rollbackStarted, .rollbackPaused: true
        case .completed, .rollbackCompleted, .unknown, .UNRECOGNIZED, nil: false
        }
    }

    var isRollingBack: Bool {
        self.updateState == .rollbackStarted || self.updateState == .rollbackPaused
    }

    var isUpdatePaused: Bool { self.updateState == .paused || self.updateState == .rollbackPaused }
}
