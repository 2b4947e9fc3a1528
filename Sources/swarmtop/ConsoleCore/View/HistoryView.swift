import Primitives

/// The tasks of one slot, the newest first: what ran there, how it ended, and why.
enum HistoryView {
    static let columns = [
        Column(.age, width: 4, side: .right),
        Column(.state, width: 9),
        Column(.want, width: 8, rank: 3),
        Column(.duration, width: 4, rank: 1, side: .right),
        Column(.node, width: 9, stretch: 1),
        Column(.exit, width: 4, side: .right),
        Column(.path, width: 17, rank: 5),
        Column(.image, width: 16, stretch: 1, rank: 2),
        Column(.message, width: 14, stretch: 4),
        Column(.identifier, width: 25, rank: 6),
    ]

    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let task = model.selected.flatMap({ model.cluster.tasks[$0] }) else { return }
        let title = "\(model.cluster.taskName(task))  \(task.id)"
        DetailView.draw(&painting, layout, title: title, TasksView.detail(task, &painting))
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let cluster = painting.model.cluster
        guard let task = cluster.tasks[id] else { return [] }
        let state =
            task.gone == nil ? Field(task.stage.name, task.stage.role) : Field(painting.strings.gone, .muted)
        return [
            Field(painting.age(since: task.created)),
            state,
            Field(task.desired.name, task.desired <= .running ? .normal : .muted),
            Field(painting.age(since: task.since)),
            Field(cluster.nodeName(task.nodeID)),
            task.exitCode.map { Field("\($0)", $0 == 0 ? .normal : .bad) } ?? Field("-"),
            Field(TasksView.path(cluster.steps[id] ?? [])),
            Field(task.image),
            TasksView.words(task, painting.strings),
            Field(task.id),
        ]
    }
}
