import Primitives
import SwarmAPI

/// Something that takes a while, read off the cluster's state: every operator sees everybody's, and a console that
/// starts in the middle of one sees it too.
struct Job: Sendable, Equatable {
    var title: String
    /// Why it does not go on; nil while it does.
    var trouble: String?

    /// The job in one line.
    let text: String

    var role: Style.Role { self.trouble == nil ? .moving : .bad }

    init(title: String, trouble: String?, _ strings: Strings) {
        (self.title, self.trouble) = (title, trouble)
        self.text = trouble.map { strings.job(title, stuck: $0) } ?? title
    }

    /// All that are under way; those that are stuck first, then in the order of their views.
    static func all(in cluster: ClusterState, _ strings: Strings = Strings(.english)) -> [Self] {
        var jobs = Self.updates(cluster, strings) + Self.nodes(cluster, strings)
        if let rotation = cluster.trust?.rotation { jobs.append(Self.rotation(rotation, cluster, strings)) }
        return jobs.filter { $0.trouble != nil } + jobs.filter { $0.trouble == nil }
    }

    private static func updates(_ cluster: ClusterState, _ strings: Strings) -> [Self] {
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
            let count = "\(renewed[service.id] ?? 0)/\(cluster.wanted(service))"
            let words = service.updateMessage.isEmpty ? strings.updatePaused : service.updateMessage
            return Self(
                title: strings.update(service.name, count, isRollBack: service.isRollingBack),
                trouble: service.isUpdatePaused ? words : nil,
                strings
            )
        }
    }

    private static func nodes(_ cluster: ClusterState, _ strings: Strings) -> [Self] {
        cluster.nodeOrder.keys.compactMap { cluster.nodes[$0.id] }.filter { $0.gone == nil }.compactMap {
            node in
            let down = node.isReady ? nil : strings.notReady(node.name)
            if node.wantsManager != node.isManager {
                let title = strings.roleChange(node.name, isPromotion: node.wantsManager)
                return Self(title: title, trouble: down, strings)
            }
            let live = cluster.byNode[node.id]?.live ?? 0
            guard node.availability == .drain, live > 0 else { return nil }
            return Self(title: strings.draining(node.name, left: live), trouble: down, strings)
        }
    }

    private static func rotation(
        _ rotation: Trust.Rotation,
        _ cluster: ClusterState,
        _ strings: Strings
    ) -> Self {
        let blocker = cluster.nodeOrder.keys.compactMap { cluster.nodes[$0.id] }
            .first { rotation.blockers[$0.id] != nil && !$0.isReady }
        return Self(
            title: strings.rotationJob(rotation.done, of: rotation.nodes),
            trouble: blocker.map { "\($0.name) \(rotation.blockers[$0.id] ?? "")" },
            strings
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
