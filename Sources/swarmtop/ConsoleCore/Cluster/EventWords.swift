import SwarmAPI

/// Says what a change of an object means, from what was known before.
enum EventWords {
    typealias Words = (text: String, level: ClusterEvent.Level)

    static func task(_ old: TaskRow?, _ new: TaskRow, on node: String, _ strings: Strings) -> Words? {
        let place = new.nodeID.isEmpty ? "" : strings.on(node)
        let exit = new.exitCode.map { $0 == 0 ? "" : strings.exit(Int($0)) } ?? ""
        let reason = [new.error, exit, new.message]
            .first { !$0.isEmpty && $0 != "started" }
        let tail = reason.map { ": \($0)" } ?? ""
        let level: ClusterEvent.Level =
            new.stage.isBad ? .bad : new.stage == .pending && !new.error.isEmpty ? .warning : .detail
        guard let old else { return (strings.created(new.stage.name) + place + tail, level) }
        if old.stage != new.stage { return ("\(old.stage.name) -> \(new.stage.name)\(place)\(tail)", level) }
        if old.desired != new.desired {
            return (strings.wanted(old.desired.name, to: new.desired.name), .detail)
        }
        if old.error != new.error, !new.error.isEmpty { return ("\(new.stage.name)\(tail)", level) }
        return nil
    }

    static func service(_ old: ServiceRow?, _ new: ServiceRow, _ strings: Strings) -> Words? {
        guard let old else { return (strings.createdWith(image: new.image), .notice) }
        var parts: [String] = []
        if old.mode != new.mode { parts.append("\(strings.mode(old.mode)) -> \(strings.mode(new.mode))") }
        if old.image != new.image { parts.append(strings.imageFrom(old.image, new.image)) }
        if old.ports != new.ports {
            parts.append(strings.portsChange(Self.dash(old.ports), Self.dash(new.ports)))
        }
        var level = ClusterEvent.Level.notice
        if old.updateState != new.updateState, new.updateState != nil {
            let update = ServicesView.update(new, strings)
            if update.role == .bad { level = .bad }
            if update.role == .waiting { level = .warning }
            parts.append(
                strings.updateStands(update.text)
                    + (new.updateMessage.isEmpty ? "" : ": \(new.updateMessage)")
            )
        }
        if parts.isEmpty, old.specVersion != new.specVersion { parts.append(strings.specChanged) }
        return parts.isEmpty ? nil : (parts.joined(separator: "   "), level)
    }

    static func node(_ old: NodeRow?, _ new: NodeRow, _ strings: Strings) -> Words? {
        guard let old else { return (strings.joined(isManager: new.isManager), .notice) }
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
            parts.append(strings.isToBe(manager: new.wantsManager))
        }
        if old.isManager != new.isManager { parts.append(strings.isNow(manager: new.isManager)) }
        if old.labels != new.labels {
            parts.append(strings.labels(Self.dash(new.labels.joined(separator: " "))))
        }
        return parts.isEmpty ? nil : (parts.joined(separator: "   "), level)
    }

    static func asset(_ old: AssetRow?, _ new: AssetRow, _ strings: Strings) -> Words? {
        guard let old else { return (strings.created, .notice) }
        return old.version == new.version ? nil : (strings.changed, .notice)
    }

    private static func dash(_ text: String) -> String { text.isEmpty ? "-" : text }
}
