/// The cells of a terminal, its cursor, and what may be done to them.
///
/// Every character is one column wide: the tests use no others.
package struct TerminalGrid: Sendable, Equatable {
    /// How a character looks.
    package struct Look: Sendable, Hashable {
        var bold = false
        var dim = false
        var underlined = false
        /// Light and dark are swapped, as in the selected row.
        package internal(set) var reversed = false
        package internal(set) var colour: Int?
        var background: Int?
    }

    /// One place on the screen.
    package struct Cell: Sendable, Hashable {
        /// What stands there; a space when nothing does.
        package internal(set) var character: Character = " "
        /// How it is drawn.
        package internal(set) var look = Look()
    }

    /// The width.
    package private(set) var columns: Int
    /// The height.
    package private(set) var rows: Int
    /// `rows` rows of `columns` cells.
    package private(set) var cells: [[Cell]]
    /// Where the cursor is, from 0.
    package private(set) var row = 0
    /// Where the cursor is, from 0.
    package private(set) var column = 0
    /// How often something was meant for a place outside of the screen, since the screen was last cleared.
    package private(set) var strays = 0
    /// What the next character looks like.
    var look = Look()
    var wraps = true
    var inserts = false
    private var region: Range<Int>
    /// The last column is written, and the next character belongs to the next row.
    private var isWrapPending = false

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        self.region = 0..<rows
        self.cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    }

    /// Keeps what fits at the top left.
    mutating func resize(columns: Int, rows: Int) {
        let wider = Array(repeating: Cell(), count: max(0, columns - self.columns))
        let kept = self.cells.prefix(rows).map { Array($0.prefix(columns)) + wider }
        let blank = Array(repeating: Cell(), count: columns)
        self.cells = kept + Array(repeating: blank, count: rows - kept.count)
        (self.columns, self.rows, self.region) = (columns, rows, 0..<rows)
        (self.row, self.column) = (min(self.row, rows - 1), min(self.column, columns - 1))
        self.isWrapPending = false
    }

    // MARK: The cursor

    mutating func move(row: Int, column: Int) {
        if !(0..<self.rows).contains(row) || !(0..<self.columns).contains(column) { self.strays += 1 }
        self.row = min(max(0, row), self.rows - 1)
        self.column = min(max(0, column), self.columns - 1)
        self.isWrapPending = false
    }

    mutating func carriageReturn() { self.move(row: self.row, column: 0) }

    /// Goes down a row; on the last one of the region everything goes up.
    mutating func lineFeed() {
        if self.row == self.region.upperBound - 1 {
            self.scroll(up: 1, from: self.region.lowerBound)
        } else if self.row < self.rows - 1 {
            self.row += 1
        }
    }

    mutating func reverseLineFeed() {
        if self.row == self.region.lowerBound {
            self.scroll(down: 1, from: self.region.lowerBound)
        } else if self.row > 0 {
            self.row -= 1
        }
    }

    mutating func tab(by stops: Int) {
        let stop = (self.column / 8 + stops) * 8
        self.column = min(max(0, stops < 0 && self.column % 8 > 0 ? stop + 8 : stop), self.columns - 1)
    }

    /// Rows outside of `region` don't scroll; the cursor goes home.
    mutating func setRegion(_ region: Range<Int>) {
        if region.lowerBound < 0 || region.upperBound > self.rows { self.strays += 1 }
        let fitting = region.clamped(to: 0..<self.rows)
        self.region = fitting.count > 1 ? fitting : 0..<self.rows
        (self.row, self.column, self.isWrapPending) = (0, 0, false)
    }

    // MARK: Characters

    mutating func put(_ character: Character) {
        if self.isWrapPending, self.wraps {
            if self.row == self.rows - 1 { self.strays += 1 }
            self.carriageReturn()
            self.lineFeed()
        }
        if self.inserts { self.insertCharacters(1) }
        self.cells[self.row][self.column] = Cell(character: character, look: self.look)
        self.isWrapPending = self.column == self.columns - 1
        if !self.isWrapPending { self.column += 1 }
    }

    mutating func insertCharacters(_ count: Int) {
        let blanks = min(count, self.columns - self.column)
        self.cells[self.row].removeLast(blanks)
        self.cells[self.row].insert(
            contentsOf: Array(repeating: self.erased, count: blanks),
            at: self.column
        )
    }

    mutating func deleteCharacters(_ count: Int) {
        let gone = min(count, self.columns - self.column)
        self.cells[self.row].removeSubrange(self.column..<(self.column + gone))
        self.cells[self.row] += Array(repeating: self.erased, count: gone)
    }

    mutating func eraseCharacters(_ count: Int) {
        self.erase(row: self.row, self.column..<min(self.column + count, self.columns))
    }

    // MARK: Lines

    /// Makes room for rows at the cursor; those at the region's end are lost.
    mutating func insertLines(_ count: Int) { self.scroll(down: count, from: self.row) }

    mutating func deleteLines(_ count: Int) { self.scroll(up: count, from: self.row) }

    mutating func scroll(up count: Int) { self.scroll(up: count, from: self.region.lowerBound) }

    mutating func scroll(down count: Int) { self.scroll(down: count, from: self.region.lowerBound) }

    private mutating func scroll(up count: Int, from top: Int) {
        guard self.region.contains(top) else { return }
        let gone = min(count, self.region.upperBound - top)
        self.cells.removeSubrange(top..<(top + gone))
        self.cells.insert(contentsOf: self.blankRows(gone), at: self.region.upperBound - gone)
    }

    private mutating func scroll(down count: Int, from top: Int) {
        guard self.region.contains(top) else { return }
        let gone = min(count, self.region.upperBound - top)
        self.cells.removeSubrange((self.region.upperBound - gone)..<self.region.upperBound)
        self.cells.insert(contentsOf: self.blankRows(gone), at: top)
    }

    // MARK: Erasing

    mutating func eraseLine(before: Bool, after: Bool) {
        if before { self.erase(row: self.row, 0..<(self.column + 1)) }
        if after { self.erase(row: self.row, self.column..<self.columns) }
    }

    mutating func eraseScreen(before: Bool, after: Bool) {
        self.eraseLine(before: before, after: after)
        if before { for row in 0..<self.row { self.erase(row: row, 0..<self.columns) } }
        if after {
            for row in (self.row + 1)..<max(self.row + 1, self.rows) {
                self.erase(row: row, 0..<self.columns)
            }
        }
        if (before && after) || (after && self.row == 0 && self.column == 0) { self.strays = 0 }
    }

    private mutating func erase(row: Int, _ columns: Range<Int>) {
        self.isWrapPending = false
        for column in columns { self.cells[row][column] = self.erased }
    }

    /// What an erased place becomes: it keeps the background.
    private var erased: Cell { Cell(look: Look(background: self.look.background)) }

    private func blankRows(_ count: Int) -> [[Cell]] {
        Array(repeating: Array(repeating: self.erased, count: self.columns), count: count)
    }
}
