import SwarmAPI

/// The identifiers that a page lists, in order.
extension Model {
    /// The rows of the current page after its filter, in the chosen order.
    ///
    /// They are computed once for each change of the cluster or the page: a frame takes what `remember` kept.
    var rows: [String] {
        if let listed = self.listed, listed.key == self.rowsKey { return listed.rows }
        return Lists.sorted(self.found.rows, self)
    }

    /// What the rows depend on.
    var rowsKey: RowsKey {
        RowsKey(
            revision: self.cluster.revision,
            place: self.page.place,
            filter: self.page.filter,
            stage: self.page.stage,
            level: self.page.level,
            isFrozen: self.frozen != nil,
            sort: self.layout.sort,
            isReversed: self.layout.isReversed
        )
    }

    /// Keeps the rows for the frames to come.
    mutating func remember() {
        let key = self.rowsKey
        guard self.listed?.key != key else { return }
        let found = self.found
        self.listed = (Lists.sorted(found.rows, self), found.isFuzzy, key)
    }

    /// What the filter finds; where it finds nothing, what comes near.
    private var found: (rows: [String], isFuzzy: Bool) {
        let rows = self.unsorted(self.page)
        guard rows.isEmpty, !self.page.filter.isEmpty else { return (rows, false) }
        var page = self.page
        page.filter.isFuzzy = true
        let near = self.unsorted(page)
        return (near, !near.isEmpty)
    }

    private func unsorted(_ page: Page) -> [String] {
        switch page.place {
        case .nodes, .certificates:
            return self.cluster.nodeOrder.keys.map(\.id).filter { self.accepts(node: $0, page.filter) }
        case .services:
            return self.cluster.serviceOrder.keys.map(\.id).filter { self.accepts(service: $0, page.filter) }
        case .raft: return self.members.map(\.nodeID).filter { self.accepts(member: $0, page.filter) }
        case .tasks(.all):
            if page.filter.isEmpty, page.stage == nil { return self.cluster.attentionOrder.keys.map(\.id) }
            return self.tasks(self.cluster.attentionOrder, page) { _ in true }
        case .tasks(.service(let id)): return self.tasks(self.cluster.slotOrder, page) { $0.serviceID == id }
        case .tasks(.node(let id)): return self.tasks(self.cluster.slotOrder, page) { $0.nodeID == id }
        case .tasks(.slot(let slot)): return self.tasks(self.cluster.slotOrder, page) { Slot($0) == slot }
        case .events: return self.events(page)
        case .secrets:
            return self.cluster.assets.secretOrder.keys.map(\.id).filter {
                self.accepts(asset: $0, page.filter)
            }
        case .networks:
            let networks = self.cluster.assets.networkOrder.keys.map(\.id)
            return (networks + self.cluster.ports.map(\.id)).filter { self.accepts(asset: $0, page.filter) }
        case .object, .logs: return []
        }
    }

    /// How many rows there are without the filter.
    var rowTotal: Int {
        switch self.page.place {
        case .nodes, .certificates: self.cluster.nodes.count
        case .services: self.cluster.services.count
        case .raft: self.members.count
        case .tasks(.all): self.cluster.tasks.count
        case .tasks(.service(let id)): self.cluster.byService[id]?.all ?? 0
        case .tasks(.node(let id)): self.cluster.byNode[id]?.all ?? 0
        case .tasks(.slot(let slot)): self.cluster.tasks.values.count { Slot($0) == slot }
        case .events: self.cluster.history.count
        case .secrets: self.cluster.assets.secretOrder.count
        case .networks: self.cluster.assets.networkOrder.count + self.cluster.ports.count
        case .object, .logs: 0
        }
    }

    /// The members of the replicated log by name.
    var members: [SwarmdRaftPeer] {
        (self.cluster.status?.raft.members ?? []).sorted {
            (self.cluster.nodeName($0.nodeID), $0.nodeID) < (self.cluster.nodeName($1.nodeID), $1.nodeID)
        }
    }

    private func tasks(
        _ order: SortedIndex<TaskKey>,
        _ page: Page,
        _ belongs: (TaskRow) -> Bool
    ) -> [String] {
        order.keys.compactMap { key in
            guard let task = self.cluster.tasks[key.id], belongs(task) else { return nil }
            if let stage = page.stage, task.stage != stage { return nil }
            guard page.filter.isEmpty || page.filter.accepts(self.fields(task)) else { return nil }
            return key.id
        }
    }

    private func fields(_ task: TaskRow) -> [(name: String, value: String)] {
        [
            ("name", self.cluster.taskName(task)), ("service", task.service), ("slot", "\(task.slot)"),
            ("node", self.cluster.nodeName(task.nodeID)), ("want", task.desired.name),
            ("state", task.stage.name + (task.stage.isLive ? " live" : " ended")), ("image", task.image),
            ("error", task.error), ("message", task.message), ("id", task.id),
        ]
    }

    private func accepts(node id: String, _ filter: Filter) -> Bool {
        guard !filter.isEmpty, let node = self.cluster.nodes[id] else { return true }
        return filter.accepts([
            ("name", node.name), ("role", node.isManager ? "manager" : "worker"), ("status", node.stateName),
            ("avail", node.availability.word), ("addr", node.addr), ("engine", node.engine), ("id", node.id),
            ("label", node.labels.joined(separator: " ")),
            ("cert", self.cluster.trust?.certificates[id].map(Self.words) ?? ""),
        ])
    }

    /// What a filter finds of a certificate.
    private static func words(_ certificate: CertificateRow) -> String {
        certificate.stateName + (certificate.isCurrent ? " current" : " old")
    }

    private func accepts(service id: String, _ filter: Filter) -> Bool {
        guard !filter.isEmpty, let service = self.cluster.services[id] else { return true }
        return filter.accepts([
            ("name", service.name), ("mode", service.mode.name), ("image", service.image), ("id", service.id),
            ("update", ServicesView.update(service).text),
            ("state", self.cluster.byService[id]?.summary() ?? ""),
        ])
    }

    private func events(_ page: Page) -> [String] {
        self.cluster.history.newest.compactMap { event in
            if let level = page.level, event.level < level { return nil }
            let fields = [
                ("kind", event.kind), ("level", event.level.word), ("name", event.name), ("what", event.text),
                ("id", event.objectID),
            ]
            return page.filter.isEmpty || page.filter.accepts(fields) ? event.id : nil
        }
    }

    private func accepts(asset id: String, _ filter: Filter) -> Bool {
        guard !filter.isEmpty else { return true }
        guard let row = self.cluster.assets.rows[id] else {
            guard let port = self.cluster.ports.first(where: { $0.id == id }) else { return false }
            return filter.accepts([
                ("name", "\(port.published)/\(port.proto)"), ("kind", "port"),
                ("service", self.cluster.services[port.serviceID]?.name ?? ""), ("target", "\(port.target)"),
            ])
        }
        return filter.accepts([
            ("name", row.name), ("kind", row.key.kind.rawValue), ("id", id), ("driver", row.driver),
            ("label", row.labels.joined(separator: " ")), ("subnet", row.subnets), ("scope", row.traits),
            ("service", self.cluster.userNames(of: id).joined(separator: " ")),
        ])
    }

    private func accepts(member id: String, _ filter: Filter) -> Bool {
        filter.isEmpty || filter.accepts([("name", self.cluster.nodeName(id)), ("id", id)])
    }
}

/// What a page's rows are computed from.
struct RowsKey: Sendable, Equatable {
    var revision: UInt64
    var place: Place
    var filter: Filter
    var stage: Stage?
    var level: ClusterEvent.Level?
    var isFrozen: Bool
    var sort: String?
    var isReversed: Bool
}

/// Where the cursor is.
extension Model {
    /// The row of the cursor among `rows`; nil when there are none.
    func selection(in rows: [String]) -> Int? {
        guard !rows.isEmpty else { return nil }
        let cursor = self.page.cursor
        // The list moves little: near its last place is where the object usually is.
        if let id = cursor.id {
            if cursor.index < rows.count, rows[cursor.index] == id { return cursor.index }
            if let index = rows.firstIndex(of: id) { return index }
        }
        return min(cursor.index, rows.count - 1)
    }

    /// The identifier under the cursor.
    var selected: String? {
        let rows = self.rows
        return self.selection(in: rows).map { rows[$0] }
    }

    /// The first row to show, so that the cursor keeps its line on the screen where it can.
    func top(of rows: [String], selection: Int, height: Int) -> Int {
        let line = min(max(0, self.page.cursor.line), max(0, height - 1))
        return min(max(0, selection - line), max(0, rows.count - height))
    }

    /// Moves the cursor by `step` rows.
    mutating func move(by step: Int) {
        let rows = self.rows
        guard let selection = self.selection(in: rows) else { return }
        let height = Layout(self).body.count
        let top = self.top(of: rows, selection: selection, height: height)
        let target = min(max(0, selection + step), rows.count - 1)
        let line = min(max(0, target - top), max(0, height - 1))
        self.page.cursor = Cursor(id: rows[target], index: target, line: line)
    }
}
