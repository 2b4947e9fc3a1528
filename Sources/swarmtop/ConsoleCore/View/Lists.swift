import Primitives

/// The columns of every list, and what its rows are sorted by.
enum Lists {
    static func columns(_ place: Place, wide: Bool) -> [Column] {
        switch place {
        case .nodes: NodesView.columns(wide: wide)
        case .services: ServicesView.columns
        case .tasks(.slot): HistoryView.columns
        case .tasks: TasksView.columns(place)
        case .events: EventsView.columns
        case .secrets: AssetsView.secretColumns
        case .networks: AssetsView.networkColumns
        case .object, .logs: []
        case .raft: RaftView.columns
        case .certificates: CertificatesView.columns
        }
    }

    /// What the row `id` is sorted by in the column `title`; nil where the words on the screen tell.
    private static func value(_ id: String, _ title: String, _ model: Model) -> SortValue? {
        switch model.page.place {
        case .nodes: NodesView.sortValue(id, title, model.cluster)
        case .services: ServicesView.sortValue(id, title, model.cluster)
        case .tasks: TasksView.sortValue(id, title, model.cluster)
        case .events: EventsView.sortValue(id, title, model.cluster)
        case .secrets, .networks: AssetsView.sortValue(id, title, model.cluster)
        case .raft, .object, .logs: nil
        case .certificates: CertificatesView.sortValue(id, title, model.cluster)
        }
    }

    /// The rows in the order that the operator chose; those that are equal keep theirs.
    static func sorted(_ rows: [String], _ model: Model) -> [String] {
        let layout = model.layout
        guard let title = layout.sort else { return rows }
        let columns = Self.columns(model.page.place, wide: false)
        guard let index = columns.firstIndex(where: { $0.id == title }) else { return rows }
        var painting = Painting(
            model,
            Capabilities(utf8: false, colour: false),
            of: Size(columns: 1, rows: 1)
        )
        let keyed = rows.enumerated().map { position, id in
            let value = Self.value(id, title, model) ?? Self.shown(id, index, &painting)
            return (value: value, position: position, id: id)
        }
        let ordered = keyed.sorted { left, right in
            if left.value == right.value { return left.position < right.position }
            // What has no value stays at the end, whichever way round.
            if left.value == .none || right.value == .none { return right.value == .none }
            return (left.value < right.value) != layout.isReversed
        }
        return ordered.map(\.id)
    }

    private static func shown(_ id: String, _ index: Int, _ painting: inout Painting) -> SortValue {
        let fields = Self.fields(id, &painting)
        return fields.indices.contains(index) ? SortValue(leading: fields[index].text) : .none
    }

    /// The texts of a row, one for each column.
    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        switch painting.model.page.place {
        case .nodes: NodesView.fields(id, &painting)
        case .services: ServicesView.fields(id, &painting)
        case .tasks(.slot): HistoryView.fields(id, &painting)
        case .tasks: TasksView.fields(id, &painting)
        case .events: EventsView.fields(id, &painting)
        case .secrets, .networks: AssetsView.fields(id, &painting)
        case .object, .logs: []
        case .raft: RaftView.fields(id, &painting)
        case .certificates: CertificatesView.fields(id, &painting)
        }
    }
}
