/// A column of a list.
struct Column {
    enum Side { case left, right }

    var heading: Heading
    /// Names the column in the operator's choices, however wide the screen is.
    var id: String
    var width: Int
    /// What it takes of the room that is left over; the one with the most gets it.
    var stretch = 0
    /// Columns of the highest rank go first when the screen is narrow.
    var rank = 0
    var side = Side.left

    init(
        _ heading: Heading,
        id: String? = nil,
        width: Int,
        stretch: Int = 0,
        rank: Int = 0,
        side: Side = .left
    ) {
        (self.heading, self.id, self.width) = (heading, id ?? heading.rawValue, width)
        (self.stretch, self.rank, self.side) = (stretch, rank, side)
    }
}

extension Column {
    /// The column wide enough for its title, unless it takes of the room that is left over.
    fileprivate func titled(_ strings: Strings) -> Self {
        guard self.stretch == 0 else { return self }
        var column = self
        column.width = max(column.width, DisplayWidth.of(strings.title(column.heading)))
        return column
    }
}

/// The text of one place in a list.
struct Field {
    var text: String
    var role: Style.Role

    init(_ text: String, _ role: Style.Role = .normal) {
        self.text = text
        self.role = role
    }
}

/// A list with heads, a cursor, and as many columns as fit.
struct Table {
    /// Where columns start: the marker of the selected row stands before them.
    static let margin = 3

    /// The columns that fit into `width` with their widths: those of the highest rank are dropped.
    static func fit(_ columns: [Column], into width: Int) -> [(index: Int, width: Int)] {
        var chosen = Array(columns.indices)
        func needed() -> Int { chosen.reduce(0) { $0 + columns[$1].width + 2 } }
        while chosen.count > 1, needed() - 2 > width,
            let worst = chosen.max(by: { (columns[$0].rank, $0) < (columns[$1].rank, $1) })
        {
            chosen.removeAll { $0 == worst }
        }
        let spare = max(0, width - needed() + 2)
        let shares = chosen.reduce(0) { $0 + columns[$1].stretch }
        return chosen.map { index in
            let share = shares > 0 ? spare * columns[index].stretch / shares : 0
            return (index, columns[index].width + share)
        }
    }

    /// The columns that are shown with their widths, as the operator chose them.
    private static func chosen(_ columns: [Column], _ layout: ListLayout, _ width: Int) -> [(Int, Int)] {
        let shown = columns.indices.filter { !layout.hidden.contains(columns[$0].id) }
        guard layout.isWide else {
            return Self.fit(shown.map { columns[$0] }, into: width).map { (shown[$0.index], $0.width) }
        }
        // The first column names the row and stays.
        let rest = shown.dropFirst().dropFirst(layout.skipped)
        return (shown.prefix(1) + rest).map {
            ($0, max(columns[$0].width, columns[$0].stretch * Self.wideStep))
        }
    }

    /// How much wider a column that stretches is in a wide list, by its share.
    private static let wideStep = 8

    /// A column's title with the mark of the order.
    private static func head(_ title: String, _ column: Column, _ layout: ListLayout, _ width: Int) -> Field {
        guard layout.sort == column.id else { return Field(title, .heading) }
        let room = max(0, width - 1)
        return Field(DetailView.prefix(title, width: room) + (layout.isReversed ? "v" : "^"), .key)
    }

    /// Draws heads, the visible rows and the cursor.
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        let columns = painting.model.columns.map { $0.titled(painting.strings) }
        let choice = painting.model.layout
        let room = painting.canvas.size.columns - Self.margin
        let fitted = Self.chosen(columns, choice, room)
        var column = Self.margin
        for (index, width) in fitted {
            let title = painting.strings.title(columns[index].heading)
            let head = Self.head(title, columns[index], choice, width)
            Self.put(&painting, head, layout.heads, column, width, columns[index].side)
            column += width + 2
        }
        let rows = painting.model.rows
        guard let selection = painting.model.selection(in: rows) else {
            return Self.drawEmpty(&painting, layout)
        }
        let top = painting.model.top(of: rows, selection: selection, height: layout.body.count)
        for (line, row) in layout.body.enumerated() where top + line < rows.count {
            let values = Lists.fields(rows[top + line], &painting)
            var column = Self.margin
            for (index, width) in fitted where index < values.count {
                Self.put(&painting, values[index], row, column, width, columns[index].side)
                column += width + 2
            }
            if painting.model.page.marks.contains(rows[top + line]) {
                painting.canvas.put("+", row, 1, .key)
            }
            if top + line == selection {
                painting.canvas.put(">", row, 0, .key)
                painting.canvas.select(row)
                if !painting.typing { painting.cursor = (row, 0) }
            }
        }
    }

    private static func put(
        _ painting: inout Painting,
        _ field: Field,
        _ row: Int,
        _ column: Int,
        _ width: Int,
        _ side: Column.Side
    ) {
        let needed = DisplayWidth.of(field.text)
        if needed > width {
            let cut = painting.lines.cut
            let end = painting.canvas.put(
                field.text,
                row,
                column,
                field.role,
                width: max(0, width - cut.count)
            )
            painting.canvas.put(cut, row, end, field.role, width: column + width - end)
        } else {
            let start = side == .right ? column + width - needed : column
            painting.canvas.put(field.text, row, start, field.role)
        }
    }

    private static func drawEmpty(_ painting: inout Painting, _ layout: Layout) {
        let model = painting.model
        let text: String
        if !model.hasData {
            text = model.strings.connecting(to: model.socket)
        } else if !model.page.filter.isEmpty || model.page.stage != nil {
            text = model.strings.nothingMatches
        } else {
            text = model.strings.none
        }
        painting.canvas.put(text, layout.body.lowerBound, Self.margin, .muted)
    }
}
