/// The selected row's full text: an error is never cut while there is room for it.
enum DetailView {
    static func draw(_ painting: inout Painting, _ layout: Layout, title: String, _ lines: [String]) {
        let rows = layout.detail
        let columns = painting.canvas.size.columns
        guard rows.count >= 4 else {
            let wrapped = lines.flatMap { Self.wrap($0, width: columns - 4) }
            for (row, line) in zip(rows, wrapped) {
                painting.canvas.put(line.text, row, line.isContinued ? 3 : 1)
            }
            return
        }
        painting.canvas.box(rows.lowerBound, 0, width: columns, height: rows.count)
        painting.canvas.put(" \(title) ", rows.lowerBound, 3, .title, width: columns - 6)
        let wrapped = lines.flatMap { Self.wrap($0, width: columns - 6) }
        for (row, line) in zip(rows.dropFirst().dropLast(), wrapped) {
            painting.canvas.put(line.text, row, line.isContinued ? 4 : 2, width: columns - 4)
        }
    }

    /// Breaks `text` into lines of at most `width` columns, at spaces where there are any.
    static func wrap(_ text: String, width: Int) -> [(text: String, isContinued: Bool)] {
        guard width > 0 else { return [] }
        // What a line begins with says how far in it is.
        let start = String(text.prefix { $0 == " " })
        if !start.isEmpty, start.utf8.count < text.utf8.count, start.utf8.count < width {
            let inner = Self.wrap(String(text.dropFirst(start.count)), width: width - start.count)
            return inner.map { ($0.isContinued ? $0.text : start + $0.text, $0.isContinued) }
        }
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            var word = String(word)
            var needed = DisplayWidth.of(word)
            if used > 0, used + 1 + needed > width {
                // Languages without spaces break between two characters.
                let head = Self.breakable(word, width: width - used - 1)
                lines.append(head.isEmpty ? line : "\(line) \(head)")
                (line, used) = ("", 0)
                word = String(word.unicodeScalars.dropFirst(head.unicodeScalars.count))
                needed = DisplayWidth.of(word)
            }
            while needed > width {
                let whole = Self.breakable(word, width: width)
                let head = whole.isEmpty ? Self.prefix(word, width: width) : whole
                guard !head.isEmpty else { break }
                lines.append(head)
                word = String(word.unicodeScalars.dropFirst(head.unicodeScalars.count))
                needed = DisplayWidth.of(word)
            }
            line += used > 0 || !line.isEmpty ? " " + word : word
            used = DisplayWidth.of(line)
        }
        lines.append(line)
        return lines.enumerated().map { ($1, $0 > 0) }
    }

    /// What of a word fits into `width` columns and may stand before a break: it ends with a sign of a language that
    /// has no spaces, and no closing sign begins the next line.
    private static func breakable(_ word: String, width: Int) -> String {
        var head = Self.prefix(word, width: width).unicodeScalars
        let rest = word.unicodeScalars.dropFirst(head.count)
        var next = rest.first
        while let last = head.last {
            let isBreak = next.map { $0.isIdeograph || last.isIdeograph } ?? false
            if isBreak, last.isIdeograph || last.isClosing, next?.isClosing == false { return String(head) }
            next = last
            head.removeLast()
        }
        return ""
    }

    /// As much of `text` as fits into `width` columns.
    static func prefix(_ text: String, width: Int) -> String {
        var head = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let needed = DisplayWidth.of(String(scalar))
            if used + needed > width { break }
            used += needed
            head.append(scalar)
        }
        return String(head)
    }
}

extension Unicode.Scalar {
    /// A Chinese character.
    fileprivate var isIdeograph: Bool { (0x4e00...0x9fff).contains(self.value) }

    /// It belongs to what is before it.
    fileprivate var isClosing: Bool { "，。；：、）？！).,:;".unicodeScalars.contains(self) }
}
