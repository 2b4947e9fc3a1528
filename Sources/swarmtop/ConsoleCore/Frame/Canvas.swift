/// A screen while it is being drawn: whatever lies outside is clipped.
struct Canvas {
    let size: Size
    let capabilities: Capabilities
    private(set) var cells: [[Cell]]

    init(size: Size, capabilities: Capabilities) {
        self.size = size
        self.capabilities = capabilities
        self.cells = Array(repeating: Array(repeating: .blank, count: size.columns), count: size.rows)
    }

    /// Writes `text` from (`row`, `column`), at most `width` columns; returns the column after it.
    @discardableResult
    mutating func put(
        _ text: String,
        _ row: Int,
        _ column: Int,
        _ role: Style.Role = .normal,
        width: Int = .max
    ) -> Int {
        guard self.cells.indices.contains(row), width > 0 else { return column }
        let limit = min(self.size.columns, width == .max ? .max : column + width)
        var column = column
        for cell in DisplayWidth.cells(text, utf8: self.capabilities.utf8, style: Style(role)) {
            if cell.width == 0 { continue }
            guard column + cell.width <= limit else { break }
            if column >= 0 { self.place(cell, row, column) }
            column += cell.width
        }
        return column
    }

    /// Writes `text` so that it ends before column `end`; returns where it starts.
    @discardableResult
    mutating func putRight(_ text: String, _ row: Int, end: Int, _ role: Style.Role = .normal) -> Int {
        let start = max(0, end - DisplayWidth.of(text))
        self.put(text, row, start, role, width: end - start)
        return start
    }

    /// A frame of lines with its top left corner at (`row`, `column`).
    mutating func box(_ row: Int, _ column: Int, width: Int, height: Int) {
        guard width >= 2, height >= 2 else { return }
        let lines = LineDrawing(self.capabilities)
        let bar = String(repeating: lines.horizontal, count: width - 2)
        self.put(lines.topLeft + bar + lines.topRight, row, column, .border)
        self.put(lines.bottomLeft + bar + lines.bottomRight, row + height - 1, column, .border)
        for line in (row + 1)..<max(row + 1, row + height - 1) {
            self.put(lines.vertical, line, column, .border)
            self.put(lines.vertical, line, column + width - 1, .border)
        }
    }

    /// Blanks a rectangle.
    mutating func clear(_ row: Int, _ column: Int, width: Int, height: Int) {
        guard width > 0, height > 0 else { return }
        for line in row..<(row + height) {
            self.put(String(repeating: " ", count: width), line, column)
        }
    }

    /// Marks the whole of `row` as the cursor's.
    mutating func select(_ row: Int) {
        guard self.cells.indices.contains(row) else { return }
        for column in self.cells[row].indices { self.cells[row][column].style.selected = true }
    }

    /// Marks `rows` as data of a lost connection.
    mutating func fade(_ rows: Range<Int>) {
        for row in rows.clamped(to: 0..<self.size.rows) {
            for column in self.cells[row].indices { self.cells[row][column].style.stale = true }
        }
    }

    /// Puts one character down and blanks what it cuts in half.
    private mutating func place(_ cell: Cell, _ row: Int, _ column: Int) {
        self.sever(row, column)
        if cell.width == 2 { self.sever(row, column + 1) }
        self.cells[row][column] = cell
        if cell.width == 2 { self.cells[row][column + 1] = Cell(text: "", width: 0, style: cell.style) }
    }

    private mutating func sever(_ row: Int, _ column: Int) {
        switch self.cells[row][column].width {
        case 0 where column > 0: self.cells[row][column - 1] = .blank
        case 2 where column + 1 < self.size.columns: self.cells[row][column + 1] = .blank
        default: return
        }
        self.cells[row][column] = .blank
    }
}

/// The characters of frames, arrows and bars.
struct LineDrawing {
    let horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight, teeDown, teeRight: String
    let arrow, arrowLeft, full, empty, cut: String

    init(_ capabilities: Capabilities) {
        let fancy = capabilities.utf8
        self.horizontal = fancy ? "─" : "-"
        self.vertical = fancy ? "│" : "|"
        self.topLeft = fancy ? "┌" : "+"
        self.topRight = fancy ? "┐" : "+"
        self.bottomLeft = fancy ? "└" : "+"
        self.bottomRight = fancy ? "┘" : "+"
        self.teeDown = fancy ? "┬" : "+"
        self.teeRight = fancy ? "├" : "+"
        self.arrow = fancy ? "→" : ">"
        self.arrowLeft = fancy ? "←" : "<"
        self.full = fancy ? "█" : "#"
        self.empty = fancy ? "·" : "."
        self.cut = ".."
    }
}
