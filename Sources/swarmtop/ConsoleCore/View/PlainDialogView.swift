import SwarmAPI

/// What a change with nothing to choose would do, in a dialog.
enum PlainDialogView {
    static func lines(_ dialog: Dialog, _ kind: PlainQuestion.Kind, _ model: Model) -> [Field] {
        let service = model.cluster.services[dialog.id]
        var lines: [Field]
        switch kind {
        case .roll: lines = service.map { Self.roll($0, model) } ?? []
        case .rollBack: lines = service.map { Self.rollBack($0, model.strings) } ?? []
        case .removeService: lines = service.map { Self.remove($0, model) } ?? []
        case .removeNode: lines = Self.removeNode(dialog.id, model)
        case .transferLeader: lines = TransferDialogView.lines(dialog, model)
        }
        lines += [
            Field(""), Field(model.strings.sameAs("\(Self.command(kind)) \(dialog.name)"), .muted),
        ]
        return lines
    }

    private static func command(_ kind: PlainQuestion.Kind) -> String {
        switch kind {
        case .roll: "roll"
        case .rollBack: "rollback"
        case .removeService: "rm"
        case .removeNode: "rm-node"
        case .transferLeader: "transfer-leader"
        }
    }

    private static func roll(_ service: ServiceRow, _ model: Model) -> [Field] {
        let strings = model.strings
        let live = model.cluster.byService[service.id]?.live ?? 0
        var lines = [
            Field(strings.rolled(live, atOnce: service.parallelism)), Field(strings.image(service.image)),
        ]
        if service.updateState == .updating || service.updateState == .paused {
            lines.append(Field(strings.updateBeginsAgain, .waiting))
        }
        return lines
    }

    private static func rollBack(_ service: ServiceRow, _ strings: Strings) -> [Field] {
        guard let previous = service.previous else { return [] }
        var lines: [Field] = []
        if previous.image != service.image {
            lines.append(Field(strings.imageChange(service.image, previous.image), .waiting))
        }
        if previous.command != service.command {
            lines.append(Field(strings.commandChange(service.command, previous.command), .waiting))
        }
        if case .replicated(let now) = service.mode, let before = previous.replicas, now != before {
            lines.append(Field(strings.replicasChange(now, before), .waiting))
        }
        lines.append(Field(strings.rollBackEffect))
        lines.append(Field(strings.rollBackTwice))
        return lines
    }

    private static func remove(_ service: ServiceRow, _ model: Model) -> [Field] {
        let strings = model.strings
        let live = model.cluster.byService[service.id]?.live ?? 0
        var lines = [Field(strings.stopAndDeleted(live), live > 0 ? .waiting : .normal)]
        if !service.ports.isEmpty { lines.append(Field(strings.portsGivenUp(service.ports), .waiting)) }
        lines.append(Field(strings.cannotBeUndone))
        return lines
    }

    private static func removeNode(_ id: String, _ model: Model) -> [Field] {
        let (cluster, strings) = (model.cluster, model.strings)
        guard let node = cluster.nodes[id] else { return [] }
        let live = cluster.byNode[id]?.live ?? 0
        var lines = [Field(strings.removedNode(node.name))]
        if live > 0 { lines.append(Field(strings.lastSeen(live), .waiting)) }
        lines.append(Field(strings.joinAgain))
        return lines
    }
}
