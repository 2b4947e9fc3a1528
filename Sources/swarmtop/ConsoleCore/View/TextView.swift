/// A page of text: an object's, or what tasks print.
enum TextView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        let model = painting.model
        let pane = model.page.pane
        let lines = model.lines
        let top = pane.first(of: lines.count, height: layout.text.count)
        for (row, index) in zip(layout.text, top..<max(top, lines.count)) {
            Self.put(&painting, lines[index], row, pane)
            guard index == pane.hit else { continue }
            painting.canvas.put(">", row, 0, .key)
            painting.canvas.select(row)
            if !painting.typing { painting.cursor = (row, 0) }
        }
        if pane.hit == nil, !painting.typing { painting.cursor = (layout.text.lowerBound, 0) }
    }

    /// A line from the column on that the reader has moved to, with what is looked for brought out.
    private static func put(_ painting: inout Painting, _ line: TextLine, _ row: Int, _ pane: TextPane) {
        let width = painting.canvas.size.columns - 1
        let text = String(line.text.dropFirst(pane.left))
        painting.canvas.put(text, row, 1, line.role, width: width)
        guard !pane.query.isEmpty else { return }
        var rest = text[...]
        var column = 1
        while let range = Self.range(of: pane.query, in: rest) {
            column += DisplayWidth.of(String(rest[..<range.lowerBound]))
            let found = String(rest[range])
            painting.canvas.put(found, row, column, .waiting, width: max(0, width + 1 - column))
            column += DisplayWidth.of(found)
            rest = rest[range.upperBound...]
        }
    }

    /// Where `query` is next, whatever the case of its letters.
    private static func range(of query: String, in text: Substring) -> Range<Substring.Index>? {
        let needle = Array(query.lowercased())
        let letters = Array(text.lowercased())
        guard letters.count == text.count, letters.count >= needle.count, !needle.isEmpty else { return nil }
        for start in 0...(letters.count - needle.count)
        where Array(letters[start..<(start + needle.count)]) == needle {
            let lower = text.index(text.startIndex, offsetBy: start)
            return lower..<text.index(lower, offsetBy: needle.count)
        }
        return nil
    }

    /// The lines broken so that none is cut.
    static func wrapped(_ lines: [TextLine], width: Int) -> [TextLine] {
        lines.flatMap { line -> [TextLine] in
            guard DisplayWidth.of(line.text) > width else { return [line] }
            let start = line.text.prefix { $0 == " " }
            let blanks = String(repeating: " ", count: min(max(line.indent, start.count), max(0, width / 2)))
            let text = String(line.text.dropFirst(start.count))
            // The first line is as wide as those that go on further in.
            return DetailView.wrap(text, width: width - blanks.count).map { part in
                TextLine((part.isContinued ? blanks : String(start)) + part.text, line.role)
            }
        }
    }

    /// Which lines are seen, for the end of the tabs' row.
    static func position(_ model: Model, _ layout: Layout) -> String {
        let count = model.lines.count
        let top = model.page.pane.first(of: count, height: layout.text.count)
        return model.strings.lines(min(count, top + 1), min(count, top + layout.text.count), of: count)
    }
}
