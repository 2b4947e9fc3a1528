import SwarmAPI

/// What a change with nothing to choose would do, in a dialog.
enum PlainDialogView {
    static func title(_ kind: PlainQuestion.Kind) -> String {
        switch kind {
        case .roll: "Roll"
        case .rollBack: "Roll back"
        case .removeService: "Remove service"
        case .removeNode: "Remove node"
        case .transferLeader: "Make leader:"
        }
    }

    static func accept(_ kind: PlainQuestion.Kind) -> String {
        switch kind {
        case .roll: "y: roll"
        case .rollBack: "y: roll back"
        case .removeService, .removeNode: "Ctrl-X: remove"
        case .transferLeader: "y: make it the leader"
        }
    }

    static func lines(_ dialog: Dialog, _ kind: PlainQuestion.Kind, _ model: Model) -> [Field] {
        let service = model.cluster.services[dialog.id]
        var lines: [Field]
        switch kind {
        case .roll: lines = service.map { Self.roll($0, model.cluster) } ?? []
        case .rollBack: lines = service.map { Self.rollBack($0) } ?? []
        case .removeService: lines = service.map { Self.remove($0, model.cluster) } ?? []
        case .removeNode: lines = Self.removeNode(dialog.id, model.cluster)
        case .transferLeader: lines = TransferDialogView.lines(dialog, model)
        }
        lines += [Field(""), Field("Same as   :\(Self.command(kind)) \(dialog.name)", .muted)]
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

    private static func roll(_ service: ServiceRow, _ cluster: ClusterState) -> [Field] {
        let live = cluster.byService[service.id]?.live ?? 0
        var lines = [
            Field("\(live) tasks are replaced with the same spec, \(Self.pace(service))."),
            Field("image \(service.image)"),
        ]
        if service.updateState == .updating || service.updateState == .paused {
            lines.append(Field("Note: the update that is under way is begun again.", .waiting))
        }
        return lines
    }

    /// How many tasks at a time (SwarmKit: an update's parallelism of 0 is all at once).
    private static func pace(_ service: ServiceRow) -> String {
        service.parallelism == 0 ? "all at once" : "\(service.parallelism) at a time"
    }

    private static func rollBack(_ service: ServiceRow) -> [Field] {
        guard let previous = service.previous else { return [] }
        var lines: [Field] = []
        if previous.image != service.image {
            lines.append(Field("image     \(service.image) -> \(previous.image)", .waiting))
        }
        if case .replicated(let now) = service.mode, let before = previous.replicas, now != before {
            lines.append(Field("replicas  \(now) -> \(before)", .waiting))
        }
        lines.append(Field("The spec before this one is in force again; tasks that differ are replaced."))
        lines.append(Field("Rolling back twice brings this spec back."))
        return lines
    }

    private static func remove(_ service: ServiceRow, _ cluster: ClusterState) -> [Field] {
        let live = cluster.byService[service.id]?.live ?? 0
        var lines = [Field("\(live) tasks stop and are deleted.", live > 0 ? .waiting : .normal)]
        if !service.ports.isEmpty { lines.append(Field("Ports are given up: \(service.ports)", .waiting)) }
        lines.append(Field("It cannot be undone."))
        return lines
    }

    private static func removeNode(_ id: String, _ cluster: ClusterState) -> [Field] {
        guard let node = cluster.nodes[id] else { return [] }
        let live = cluster.byNode[id]?.live ?? 0
        var lines = [Field("\(node.name) is down: its certificate is refused from now on.")]
        if live > 0 { lines.append(Field("\(live) tasks were last seen on it.", .waiting)) }
        lines.append(Field("It cannot be undone: to come back the node has to join again."))
        return lines
    }
}
