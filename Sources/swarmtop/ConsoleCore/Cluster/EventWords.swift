import SwarmAPI

/// Says what a change of an object means, from what was known before.
enum EventWords {
    typealias Words = (text: String, level: ClusterEvent.Level)

    static func task(_ old: TaskRow?, _ new: TaskRow, on node: String) -> Words? {
        let place = new.nodeID.isEmpty ? "" : " on \(node)"
        let reason = [new.error, new.exitCode.map { $0 == 0 ? "" : "exit \($0)" } ?? "", new.message]
            .first { !$0.isEmpty && $0 != "started" }
        let tail = reason.map { ": \($0)" } ?? ""
        let level: ClusterEvent.Level =
            new.stage.isBad ? .bad : new.stage == .pending && !new.error.isEmpty ? .warning : .detail
        guard let old else { return ("created \(new.stage.name)\(place)\(tail)", level) }
        if old.stage != new.stage { return ("\(old.stage.name) -> \(new.stage.name)\(place)\(tail)", level) }
        if old.desired != new.desired {
            return ("wanted \(old.desired.name) -> \(new.desired.name)", .detail)
        }
        if old.error != new.error, !new.error.isEmpty { return ("\(new.stage.name)\(tail)", level) }
        return nil
    }

    static func service(_ old: ServiceRow?, _ new: ServiceRow) -> Words? {
        guard let old else { return ("created: image \(new.image)", .notice) }
        var parts: [String] = []
        if old.mode != new.mode { parts.append("\(Self.mode(old.mode)) -> \(Self.mode(new.mode))") }
        if old.image != new.image { parts.append("image \(old.image) -> \(new.image)") }
        if old.ports != new.ports { parts.append("ports \(Self.dash(old.ports)) -> \(Self.dash(new.ports))") }
        var level = ClusterEvent.Level.notice
        if old.updateState != new.updateState, new.updateState != nil {
            let update = ServicesView.update(new)
            if update.role == .bad { level = .bad }
            if update.role == .waiting { level = .warning }
            parts.append(
                "update \(update.text)" + (new.updateMessage.isEmpty ? "" : ": \(new.updateMessage)")
            )
        }
        if parts.isEmpty, old.specVersion != new.specVersion { parts.append("spec changed") }
        return parts.isEmpty ? nil : (parts.joined(separator: "   "), level)
    }

    static func node(_ old: NodeRow?, _ new: NodeRow) -> Words? {
        guard let old else { return ("joined as \(new.isManager ? "manager" : "worker")", .notice) }
        var parts: [String] = []
        var level = ClusterEvent.Level.notice
        if old.state != new.state {
            let reason = new.message.isEmpty ? "" : ": \(new.message)"
            parts.append("\(old.stateName) -> \(new.stateName)\(reason)")
            if !new.isReady { level = .bad }
        }
        if old.availability != new.availability {
            parts.append("\(old.availability.word) -> \(new.availability.word)")
        }
        if old.wantsManager != new.wantsManager {
            parts.append("is to be a \(new.wantsManager ? "manager" : "worker")")
        }
        if old.isManager != new.isManager { parts.append("is a \(new.isManager ? "manager" : "worker") now") }
        if old.labels != new.labels { parts.append("labels " + Self.dash(new.labels.joined(separator: " "))) }
        return parts.isEmpty ? nil : (parts.joined(separator: "   "), level)
    }

    static func asset(_ old: AssetRow?, _ new: AssetRow) -> Words? {
        guard let old else { return ("created", .notice) }
        return old.version == new.version ? nil : ("changed", .notice)
    }

    private static func mode(_ mode: ServiceRow.Mode) -> String {
        switch mode {
        case .replicated(let replicas): "\(replicas) replicas"
        case .global: "global"
        case .job(let count): "a job of \(count)"
        case .globalJob: "a global job"
        }
    }

    private static func dash(_ text: String) -> String { text.isEmpty ? "-" : text }
}
