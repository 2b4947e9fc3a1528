import Primitives

/// Secrets and configs, and networks with the ports that are published: who uses them.
enum AssetsView {
    static let secretColumns = [
        Column(.name, width: 18, stretch: 2),
        Column(.kind, width: 6),
        Column(.age, width: 4, side: .right),
        Column(.changed, width: 7, rank: 3, side: .right),
        Column(.size, width: 6, rank: 2, side: .right),
        Column(.users, width: 16, stretch: 3),
        Column(.labels, width: 14, stretch: 2, rank: 4),
        Column(.identifier, width: 25, rank: 5),
    ]

    static let networkColumns = [
        Column(.name, width: 16, stretch: 2),
        Column(.kind, width: 8),
        Column(.driver, width: 8, rank: 2),
        Column(.subnet, width: 18, stretch: 1),
        Column(.scope, width: 10, rank: 3),
        Column(.users, width: 14, stretch: 3),
        Column(.labels, width: 12, stretch: 1, rank: 4),
        Column(.age, width: 4, rank: 1, side: .right),
    ]

    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let id = model.selected else { return }
        if let row = model.cluster.assets.rows[id] {
            let lines = Self.detail(row, model)
            DetailView.draw(&painting, layout, title: "\(row.name)  \(id)", lines)
        } else if let port = model.cluster.ports.first(where: { $0.id == id }) {
            let service = model.cluster.services[port.serviceID]?.name ?? port.serviceID
            let line = model.strings.published(port, of: service)
            DetailView.draw(&painting, layout, title: model.strings.port(port.published), [line])
        }
    }

    private static func detail(_ row: AssetRow, _ model: Model) -> [String] {
        let strings = model.strings
        let users = model.cluster.userNames(of: row.key.id)
        var lines = [strings.usedBy("\(row.key.kind.rawValue) \(row.name)", users)]
        var rest = [row.labels.isEmpty ? "" : strings.labels(row.labels.joined(separator: " "))]
        rest.append(strings.identifier(row.key.id))
        if row.key.kind == .secret { rest.append(strings.neverShown) }
        lines.append(rest.filter { !$0.isEmpty }.joined(separator: "   "))
        return lines
    }

    static func sortValue(_ id: String, _ title: String, _ cluster: ClusterState) -> SortValue? {
        let row = cluster.assets.rows[id]
        switch title {
        case "AGE": return row.map { .number(-$0.created.nanoseconds) } ?? SortValue.none
        case "CHANGED": return row.map { .number(-$0.changed.nanoseconds) } ?? SortValue.none
        case "USED BY" where row != nil: return SortValue(cluster.assets.users[id]?.count ?? 0)
        default: return nil
        }
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let model = painting.model
        guard let row = model.cluster.assets.rows[id] else {
            return model.cluster.ports.first { $0.id == id }.map { Self.fields($0, model) } ?? []
        }
        let users = model.cluster.userNames(of: id)
        let name = Field(
            row.gone == nil ? row.name : "\(row.name) (\(model.strings.gone))",
            row.gone == nil ? .normal : .muted
        )
        let used = Field(users.isEmpty ? "-" : users.joined(separator: " "), users.isEmpty ? .muted : .normal)
        let labels = Field(row.labels.joined(separator: " "))
        let age = Field(painting.age(since: row.created))
        switch row.key.kind {
        case .network:
            return [
                name, Field("network"), Field(row.driver.isEmpty ? "-" : row.driver),
                Field(row.subnets.isEmpty ? "-" : row.subnets), Field(row.traits.isEmpty ? "-" : row.traits),
                used,
                labels, age,
            ]
        default:
            return [
                name, Field(row.key.kind.rawValue), age, Field(painting.age(since: row.changed)),
                Field(row.driver.isEmpty ? "-" : row.driver), used, labels, Field(id),
            ]
        }
    }

    private static func fields(_ port: PortRow, _ model: Model) -> [Field] {
        let strings = model.strings
        return [
            Field("\(port.published)/\(port.proto)"), Field("port"), Field(port.isHost ? "host" : "ingress"),
            Field(strings.port(port.target)),
            Field(port.isHost ? strings.taskNode : strings.everyNode),
            Field(model.cluster.services[port.serviceID]?.name ?? "-"), Field(port.name), Field(""),
        ]
    }
}
