package import Primitives

/// The size of a terminal in cells.
package struct Size: Sendable, Hashable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
    }
}

/// What the terminal can show.
package struct Capabilities: Sendable, Hashable {
    /// Line drawing and names in any script; otherwise plain ASCII.
    package var utf8: Bool
    package var colour: Bool

    package init(utf8: Bool, colour: Bool) {
        self.utf8 = utf8
        self.colour = colour
    }
}

/// One place on the screen.
package struct Cell: Sendable, Hashable {
    /// A printable character with its combining marks; empty in the second half of a wide one.
    package var text: String
    /// 1 or 2, and 0 in the second half of a wide character.
    package var width: Int
    package var style: Style

    package init(text: String, width: Int, style: Style) {
        self.text = text
        self.width = width
        self.style = style
    }

    static let blank = Self(text: " ", width: 1, style: .normal)
}

/// A whole screen.
package struct Frame: Sendable, Equatable {
    package var size: Size
    /// Exactly `size.rows` rows whose widths add up to `size.columns`.
    package var cells: [[Cell]]
    /// Where the terminal's cursor belongs, so that screen readers read the selected row.
    package var cursorRow: Int
    package var cursorColumn: Int
    /// The cursor is visible: somebody types into a field.
    package var typing: Bool
    package var theme = Theme.standard
    /// When time alone makes another frame of the same facts; nil when it never does.
    package var validUntil: Timestamp?

    /// Tells whether both show the same, whatever their age.
    package func looksLike(_ other: Frame) -> Bool {
        self.size == other.size && self.cursorRow == other.cursorRow && self.typing == other.typing
            && self.theme == other.theme && self.cursorColumn == other.cursorColumn
            && self.cells == other.cells
    }

    /// The rows as plain text, each as wide as the screen.
    package var lines: [String] { self.cells.map { $0.map(\.text).joined() } }
}
