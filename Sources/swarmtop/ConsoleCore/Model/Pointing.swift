/// The mouse: it selects and scrolls, and never answers a question.
extension Model {
    /// How many rows one notch of the wheel moves.
    private static let wheelStep = 3

    mutating func take(_ mouse: Mouse) -> [Effect] {
        guard self.dialog == nil else { return [] }
        switch mouse {
        case .wheelUp, .wheelDown:
            let key: Key = mouse == .wheelUp ? .up : .down
            switch self.mode {
            case .browsing, .filtering, .help, .jobs:
                for _ in 0..<Self.wheelStep { _ = self.take(key) }
            case .command, .menu, .picking, .copying: break
            }
        case .click(let column, let row):
            guard self.mode == .browsing || self.mode == .filtering else { break }
            self.click(column, row)
        }
        return []
    }

    private mutating func click(_ column: Int, _ row: Int) {
        let layout = Layout(self)
        if row == layout.tabs {
            if let tab = TabsView.tab(at: column, self) { self.show(tab) }
        } else if layout.map.contains(row) {
            guard self.page.place.kind == .tasks, let stage = MapView.stage(at: column, row, self) else {
                return
            }
            self.page.stage = self.page.stage == stage ? nil : stage
        } else if layout.body.contains(row), !self.page.place.isText {
            self.select(line: row - layout.body.lowerBound, height: layout.body.count)
        }
    }

    /// Selects what stands in a line of the list.
    private mutating func select(line: Int, height: Int) {
        let rows = self.rows
        guard let selection = self.selection(in: rows) else { return }
        let index = self.top(of: rows, selection: selection, height: height) + line
        guard rows.indices.contains(index) else { return }
        self.page.cursor = Cursor(id: rows[index], index: index, line: line)
    }
}
