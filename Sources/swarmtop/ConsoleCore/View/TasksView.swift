import Primitives

/// Tasks of the cluster, a service or a node.
enum TasksView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let task = model.selected.flatMap({ model.cluster.tasks[$0] }) else { return }
        let title = "\(model.cluster.taskName(task))  \(task.id)"
        DetailView.draw(&painting, layout, title: title, Self.detail(task, &painting))
    }

    static func columns(_ place: Place) -> [Column] {
        var columns = [
            Column(.task, width: 12, stretch: 3),
            Column(.node, width: 9, stretch: 1),
            Column(.want, width: 8, rank: 2),
            Column(.state, width: 9),
            Column(.duration, width: 3, rank: 1, side: .right),
            Column(.path, width: 17, rank: 4),
            Column(.image, width: 20, stretch: 1, rank: 5),
            Column(.message, width: 18, stretch: 4, rank: 3),
        ]
        if case .tasks(.service) = place {
            columns[0] = Column(.slot, id: columns[0].id, width: 5)
            columns[1] = Column(.node, width: 9, stretch: 1)
        }
        return columns
    }

    /// What a task is sorted by where the words do not tell.
    static func sortValue(_ id: String, _ title: String, _ cluster: ClusterState) -> SortValue? {
        guard let task = cluster.tasks[id] else { return nil }
        switch title {
        case "SERVICE.SLOT":
            // Slots in the order of their numbers.
            let digits = "\(task.slot)"
            let slot = String(repeating: "0", count: max(0, 20 - digits.count)) + digits
            return SortValue("\(task.service).\(slot)")
        case "STATE": return SortValue(task.stage.rawValue)
        case "WANT": return SortValue(task.desired.rawValue)
        case "AGE": return .number(-task.created.nanoseconds)
        case "EXIT": return task.exitCode.map { .number(Int64($0)) } ?? SortValue.none
        case "FOR": return .number(-task.since.nanoseconds)
        case "NODE": return SortValue(cluster.nodeName(task.nodeID))
        case "IMAGE": return SortValue(task.image)
        default: return nil
        }
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let model = painting.model
        let cluster = model.cluster
        guard let task = cluster.tasks[id] else { return [] }
        var name = cluster.taskName(task)
        if case .tasks(.service) = model.page.place { name = task.slot > 0 ? "\(task.slot)" : "-" }
        let state =
            task.gone == nil ? Field(task.stage.name, task.stage.role) : Field(painting.strings.gone, .muted)
        return [
            Field(name, task.gone == nil ? .normal : .muted),
            Field(cluster.nodeName(task.nodeID)),
            Field(task.desired.name, task.desired <= .running ? .normal : .muted),
            state,
            Field(painting.age(since: task.since)),
            Field(Self.path(cluster.steps[task.id] ?? [])),
            Field(task.image),
            Self.words(task, painting.strings),
        ]
    }

    /// The states passed as letters; seven steps with dots are as wide as the column.
    static func path(_ steps: [ClusterState.Step]) -> String {
        steps.map(\.stage.letter).joined(separator: ".")
    }

    static func words(_ task: TaskRow, _ strings: Strings) -> Field {
        if !task.error.isEmpty { return Field(task.error, task.stage.isBad ? .bad : .waiting) }
        if let code = task.exitCode { return Field(strings.exit(Int(code)), code == 0 ? .normal : .bad) }
        return Field(task.message.isEmpty ? "-" : task.message)
    }

    /// Why a task is where it is, in full.
    static func reason(_ task: TaskRow, _ painting: inout Painting) -> String {
        let name = painting.model.cluster.taskName(task)
        var text = "\(name) \(task.stage.name) \(painting.age(since: task.since))"
        let words = [
            task.error, task.exitCode.map { $0 == 0 ? "" : painting.strings.exit(Int($0)) } ?? "",
            task.message,
        ]
        if let reason = words.first(where: { !$0.isEmpty }) { text += ": \(reason)" }
        return text
    }

    static func detail(_ task: TaskRow, _ painting: inout Painting) -> [String] {
        let cluster = painting.model.cluster
        var lines: [String] = []
        if !task.error.isEmpty { lines.append(Self.reason(task, &painting)) }
        let strings = painting.strings
        var text = strings.task(cluster.taskName(task), on: cluster.nodeName(task.nodeID))
        let steps = cluster.steps[task.id] ?? []
        for (index, step) in steps.enumerated() {
            text += " \(step.stage.name)"
            if index + 1 < steps.count {
                text += " \(Ages.step(steps[index + 1].at - step.at))"
            } else {
                text += " \(strings.lasting(painting.age(since: task.since)))"
            }
        }
        lines.append(text)
        var rest = [strings.wanted(task.desired.name), task.image.isEmpty ? "" : strings.image(task.image)]
        if task.error.isEmpty, !task.message.isEmpty { rest.append(task.message) }
        if let code = task.exitCode { rest.append(strings.exit(Int(code))) }
        rest.append(strings.identifier(task.id))
        lines.append(rest.filter { !$0.isEmpty }.joined(separator: "   "))
        return lines
    }
}
