/// Marking rows for a change of several.
extension Model {
    /// Space: marks the selected row, or takes its mark away, and goes on to the next.
    mutating func mark() {
        guard self.page.place.isMarkable, let id = self.selected else { return }
        if self.page.marks.remove(id) == nil { self.page.marks.insert(id) }
        self.page.anchor = id
        self.move(by: 1)
    }

    /// `v`: marks every row from the one that was marked last to the selected one.
    mutating func markRange() {
        let rows = self.rows
        guard self.page.place.isMarkable, let end = self.selection(in: rows) else { return }
        guard let start = self.page.anchor.flatMap({ rows.firstIndex(of: $0) }) else { return self.mark() }
        self.page.marks.formUnion(rows[min(start, end)...max(start, end)])
        self.page.anchor = rows[end]
    }

    /// `*`: marks every row that the filter leaves.
    mutating func markAll() {
        guard self.page.place.isMarkable else { return self.say(self.strings.markable, .muted) }
        self.page.marks.formUnion(self.rows)
    }

    /// The marked services in the order of their names; none elsewhere.
    var markedServices: [ServiceRow] {
        guard self.page.place == .services, !self.page.marks.isEmpty else { return [] }
        return self.cluster.serviceOrder.keys.filter { self.page.marks.contains($0.id) }
            .compactMap { self.cluster.services[$0.id] }
    }

    /// The marked nodes in the order of their names; none elsewhere.
    var markedNodes: [NodeRow] {
        guard self.page.place.listsNodes, !self.page.marks.isEmpty else { return [] }
        return self.cluster.nodeOrder.keys.filter { self.page.marks.contains($0.id) }
            .compactMap { self.cluster.nodes[$0.id] }
    }
}
