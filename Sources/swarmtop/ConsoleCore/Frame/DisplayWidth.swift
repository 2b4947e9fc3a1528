/// Turns text from the cluster into cells that cannot harm the terminal.
///
/// Names, labels and errors come from anywhere: controls, escape sequences and bidirectional overrides
/// are replaced, invisible characters dropped, and widths come from a table of our own, because the C
/// library's depends on the locale.
package enum DisplayWidth {
    /// What one scalar is on a screen.
    enum Kind: Equatable {
        case printable(width: Int)
        case combining
        case dropped
        case forbidden
    }

    /// No cell holds more marks: a name may not grow a tower on the operator's screen.
    private static let markLimit = 4

    /// The columns that `text` takes.
    package static func of(_ text: String) -> Int {
        if Self.isPlain(text) { return text.utf8.count }
        return Self.cells(text, utf8: true, style: .normal).count
    }

    /// The cells of `text`; a wide character is followed by a cell of width 0.
    static func cells(_ text: String, utf8: Bool, style: Style) -> [Cell] {
        if Self.isPlain(text) {
            return text.unicodeScalars.map { Cell(text: String($0), width: 1, style: style) }
        }
        var cells: [Cell] = []
        var marks = 0
        for scalar in text.unicodeScalars {
            switch Self.kind(of: scalar) {
            case .printable(let width):
                marks = 0
                let shown = utf8 || scalar.isASCII ? String(scalar) : "?"
                cells.append(Cell(text: shown, width: shown == "?" ? 1 : width, style: style))
                if cells[cells.count - 1].width == 2 { cells.append(Cell(text: "", width: 0, style: style)) }
            case .combining:
                guard utf8, marks < Self.markLimit, !cells.isEmpty else { continue }
                marks += 1
                let base = cells[cells.count - 1].width == 0 ? cells.count - 2 : cells.count - 1
                cells[base].text.unicodeScalars.append(scalar)
            case .forbidden:
                marks = Self.markLimit
                cells.append(Cell(text: utf8 ? "\u{FFFD}" : "?", width: 1, style: style))
            case .dropped: continue
            }
        }
        return cells
    }

    /// Printable ASCII only: one byte is one cell.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }

    static func kind(of scalar: Unicode.Scalar) -> Kind {
        let value = scalar.value
        if value < 0x7f { return value < 0x20 ? .forbidden : .printable(width: 1) }
        switch value {
        case 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: return .forbidden
        case 0xad, 0x200b...0x200d, 0x2060...0x2065, 0xfe00...0xfe0f, 0xfeff, 0xe0000...0xe0fff:
            return .dropped
        case 0x1160...0x11ff: return .combining
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .combining
        case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
            return .forbidden
        default: return .printable(width: Self.isWide(value) ? 2 : 1)
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        guard value >= 0x1100 else { return false }
        var low = 0
        var high = Self.wide.count
        while low < high {
            let middle = (low + high) / 2
            if Self.wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < Self.wide.count && Self.wide[low].contains(value)
    }

    /// East Asian Wide and Fullwidth of Unicode 15 (UAX 11), ascending.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0,
        0x23f3...0x23f3, 0x25fd...0x25fe, 0x2614...0x2615, 0x2648...0x2653, 0x267f...0x267f,
        0x2693...0x2693, 0x26a1...0x26a1, 0x26aa...0x26ab, 0x26bd...0x26be, 0x26c4...0x26c5,
        0x26ce...0x26ce, 0x26d4...0x26d4, 0x26ea...0x26ea, 0x26f2...0x26f3, 0x26f5...0x26f5,
        0x26fa...0x26fa, 0x26fd...0x26fd, 0x2705...0x2705, 0x270a...0x270b, 0x2728...0x2728,
        0x274c...0x274c, 0x274e...0x274e, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27b0...0x27b0, 0x27bf...0x27bf, 0x2b1b...0x2b1c, 0x2b50...0x2b50, 0x2b55...0x2b55,
        0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,
        0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6,
        0x16fe0...0x16fe4, 0x17000...0x18cff, 0x1aff0...0x1b2ff, 0x1f004...0x1f004, 0x1f0cf...0x1f0cf,
        0x1f18e...0x1f18e, 0x1f191...0x1f19a, 0x1f200...0x1f320, 0x1f32d...0x1f335, 0x1f337...0x1f37c,
        0x1f37e...0x1f393, 0x1f3a0...0x1f3ca, 0x1f3cf...0x1f3d3, 0x1f3e0...0x1f3f0, 0x1f3f4...0x1f3f4,
        0x1f3f8...0x1f43e, 0x1f440...0x1f440, 0x1f442...0x1f4fc, 0x1f4ff...0x1f53d, 0x1f54b...0x1f54e,
        0x1f550...0x1f567, 0x1f57a...0x1f57a, 0x1f595...0x1f596, 0x1f5a4...0x1f5a4, 0x1f5fb...0x1f64f,
        0x1f680...0x1f6c5, 0x1f6cc...0x1f6cc, 0x1f6d0...0x1f6d2, 0x1f6d5...0x1f6d7, 0x1f6dc...0x1f6df,
        0x1f6eb...0x1f6ec, 0x1f6f4...0x1f6fc, 0x1f7e0...0x1f7eb, 0x1f7f0...0x1f7f0, 0x1f90c...0x1f93a,
        0x1f93c...0x1f945, 0x1f947...0x1f9ff, 0x1fa70...0x1faff, 0x20000...0x3fffd,
    ]
}
