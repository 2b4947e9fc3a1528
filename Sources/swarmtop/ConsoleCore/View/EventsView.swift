import Primitives

/// What happened since the console was opened, the newest first.
enum EventsView {
    static let columns = [
        Column(.time, width: 8),
        Column(.level, width: 6),
        Column(.kind, width: 7, rank: 1),
        Column(.name, width: 16, stretch: 1),
        Column(.what, width: 20, stretch: 4),
    ]

    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let event = model.selected.flatMap({ model.cluster.history[$0] }) else { return }
        let title = "\(event.kind) \(event.name)  \(event.objectID)"
        let lines = ["\(Ages.clock(event.at)) UTC  \(event.kind) \(event.name): \(event.text)"]
        DetailView.draw(&painting, layout, title: title, lines)
    }

    static func sortValue(_ id: String, _ title: String, _ cluster: ClusterState) -> SortValue? {
        guard let event = cluster.history[id] else { return nil }
        switch title {
        case "TIME": return .number(event.at.nanoseconds)
        case "LEVEL": return SortValue(-event.level.rawValue)
        default: return nil
        }
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        guard let event = painting.model.cluster.history[id] else { return [] }
        return [
            Field(Ages.clock(event.at)), Field(painting.strings.level(event.level), event.level.role),
            Field(event.kind),
            Field(event.name), Field(event.text, event.level.role),
        ]
    }
}
