import Primitives

/// Secrets and configs, and networks with the ports that are published: who uses them.
enum AssetsView {
    static let secretColumns = [
        Column(title: "NAME", width: 18, stretch: 2),
        Column(title: "KIND", width: 6),
        Column(title: "AGE", width: 4, side: .right),
        Column(title: "CHANGED", width: 7, rank: 3, side: .right),
        Column(title: "SIZE", width: 6, rank: 2, side: .right),
        Column(title: "USED BY", width: 16, stretch: 3),
        Column(title: "LABELS", width: 14, stretch: 2, rank: 4),
        Column(title: "ID", width: 25, rank: 5),
    ]

    static let networkColumns = [
        Column(title: "NAME", width: 16, stretch: 2),
        Column(title: "KIND", width: 8),
        Column(title: "DRIVER", width: 8, rank: 2),
        Column(title: "SUBNET / TARGET", width: 18, stretch: 1),
        Column(title: "SCOPE", width: 10, rank: 3),
        Column(title: "USED BY", width: 14, stretch: 3),
        Column(title: "LABELS", width: 12, stretch: 1, rank: 4),
        Column(title: "AGE", width: 4, rank: 1, side: .right),
    ]

    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Table.draw(&painting, layout)
        let model = painting.model
        guard let id = model.selected else { return }
        if let row = model.cluster.assets.rows[id] {
            let lines = Self.detail(row, model.cluster)
            DetailView.draw(&painting, layout, title: "\(row.name)  \(id)", lines)
        } else if let port = model.cluster.ports.first(where: { $0.id == id }) {
            let service = model.cluster.services[port.serviceID]?.name ?? port.serviceID
            let place = port.isHost ? "on the nodes of its tasks" : "on every node"
            let line =
                "port \(port.published)/\(port.proto) \(place) goes to port \(port.target) of \(service)"
            DetailView.draw(&painting, layout, title: "port \(port.published)", [line])
        }
    }

    private static func detail(_ row: AssetRow, _ cluster: ClusterState) -> [String] {
        let users = cluster.userNames(of: row.key.id)
        var lines = [
            "\(row.key.kind.rawValue) \(row.name): used by "
                + (users.isEmpty ? "no service" : users.joined(separator: ", "))
        ]
        var rest = [row.labels.isEmpty ? "" : "labels " + row.labels.joined(separator: " ")]
        rest.append("id \(row.key.id)")
        if row.key.kind == .secret { rest.append("what it holds is never shown") }
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
            return model.cluster.ports.first { $0.id == id }.map { Self.fields($0, model.cluster) } ?? []
        }
        let users = model.cluster.userNames(of: id)
        let name = Field(
            row.gone == nil ? row.name : "\(row.name) (gone)",
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

    private static func fields(_ port: PortRow, _ cluster: ClusterState) -> [Field] {
        [
            Field("\(port.published)/\(port.proto)"), Field("port"), Field(port.isHost ? "host" : "ingress"),
            Field("port \(port.target)"), Field(port.isHost ? "task's node" : "every node"),
            Field(cluster.services[port.serviceID]?.name ?? "-"), Field(port.name), Field(""),
        ]
    }
}
