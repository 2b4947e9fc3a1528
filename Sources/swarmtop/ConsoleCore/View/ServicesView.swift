import Primitives
import SwarmAPI

/// The services: what is wanted, what runs, and in which states the tasks are.
enum ServicesView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let service = model.selected.flatMap({ model.cluster.services[$0] }) else { return }
        let title = "\(service.name)  \(service.id)"
        DetailView.draw(&painting, layout, title: title, Self.detail(service, &painting))
    }

    static let columns = [
        Column(.name, width: 15, stretch: 2),
        Column(.mode, width: 6, rank: 2),
        Column(.running, width: 9, side: .right),
        Column(.states, width: 14, stretch: 2),
        Column(.update, width: 11, stretch: 1, rank: 1),
        Column(.image, width: 22, stretch: 3, rank: 4),
        Column(.ports, width: 12, stretch: 1, rank: 5),
        Column(.age, width: 4, rank: 3, side: .right),
    ]

    /// What a service is sorted by where the words do not tell.
    static func sortValue(_ id: String, _ title: String, _ cluster: ClusterState) -> SortValue? {
        guard let service = cluster.services[id] else { return nil }
        switch title {
        case "NAME": return SortValue(service.name)
        // How many are missing says more than how many there are.
        case "RUN/WANT": return SortValue(cluster.running(service) - cluster.wanted(service))
        case "AGE": return .number(-service.changed.nanoseconds)
        default: return nil
        }
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let cluster = painting.model.cluster
        guard let service = cluster.services[id] else { return [] }
        let running = cluster.running(service)
        let wanted = cluster.wanted(service)
        let short = running < wanted
        let update = Self.update(service, painting.strings)
        let gone = service.gone != nil
        return [
            Field(service.name, gone ? .muted : .normal),
            Field(service.mode.name),
            gone
                ? Field(painting.strings.gone, .muted)
                : Field("\(running)/\(wanted)", short ? .waiting : .good),
            Field(cluster.byService[service.id]?.summary() ?? "-", short ? .waiting : .normal),
            update,
            Field(service.image),
            Field(service.ports.isEmpty ? "-" : service.ports),
            Field(painting.age(since: service.changed)),
        ]
    }

    /// How the service's last update goes.
    static func update(_ service: ServiceRow, _ strings: Strings = Strings(.english)) -> Field {
        switch service.updateState {
        case .updating: Field(strings.updating, .moving)
        case .paused: Field(strings.paused, .bad)
        case .completed: Field(strings.updated, .normal)
        case .rollbackStarted: Field(strings.rollingBack, .moving)
        case .rollbackPaused: Field(strings.rollBackPaused, .bad)
        case .rollbackCompleted: Field(strings.rolledBack, .waiting)
        case .unknown, .UNRECOGNIZED, nil: Field("-")
        }
    }

    /// The worst task's whole reason; a healthy service's image.
    private static func detail(_ service: ServiceRow, _ painting: inout Painting) -> [String] {
        let model = painting.model
        var lines: [String] = []
        if let task = Self.worst(service, model.cluster) {
            lines.append(TasksView.reason(task, &painting))
        }
        // The jobs' strip tells of it too: the task's reason comes first where room is short.
        if !service.updateMessage.isEmpty, service.updateState != .completed {
            lines.append(model.strings.update(service.updateMessage))
        }
        let ports = service.ports.isEmpty ? "" : "   \(model.strings.ports(service.ports))"
        let image = model.strings.image(service.image.isEmpty ? "-" : service.image)
        lines.append("\(service.name): \(image)\(ports)")
        return lines
    }

    /// The first task in trouble; the order of attention puts those of a rank together.
    private static func worst(_ service: ServiceRow, _ cluster: ClusterState) -> TaskRow? {
        guard let tally = cluster.byService[service.id] else { return nil }
        let waiting = tally.live - tally[.running]
        guard waiting > 0 || tally[.failed] + tally[.rejected] + tally[.orphaned] > 0 else { return nil }
        for key in cluster.attentionOrder.keys where key.service == service.name {
            guard key.rank < 2 else { return nil }
            if let task = cluster.tasks[key.id], task.serviceID == service.id { return task }
        }
        return nil
    }
}
