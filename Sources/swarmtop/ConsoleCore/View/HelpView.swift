/// The keys and the legend of states.
enum HelpView {
    static func draw(_ painting: inout Painting, top: Int) {
        let size = painting.canvas.size
        let strings = painting.strings
        painting.canvas.put(strings.helpTitle, 0, 1, .title)
        painting.canvas.putRight(strings.escBack, 0, end: size.columns - 1, .key)
        let lines = Self.lines(painting.model)
        for row in 2..<max(2, size.rows - 1) where top + row - 2 < lines.count {
            let line = lines[top + row - 2]
            painting.canvas.put(line.text, row, 1, line.role)
        }
        let shown = max(1, size.rows - 3)
        if lines.count > shown {
            let last = min(lines.count, top + shown)
            painting.canvas.put(
                strings.helpLines(top + 1, last, of: lines.count),
                size.rows - 1,
                1,
                .muted
            )
        }
        painting.cursor = (0, 0)
    }

    static func lines(_ model: Model) -> [Field] {
        let strings = model.strings
        var lines: [Field] = []
        func head(_ text: String) { lines.append(Field(text, .heading)) }
        func mark(_ keys: String, _ text: String) {
            lines.append(
                Field("  " + keys + String(repeating: " ", count: max(1, 24 - DisplayWidth.of(keys))) + text)
            )
        }
        func key(_ keys: String, _ text: String) { mark(model.keys.hints(keys), text) }
        head(strings.look)
        for line in strings.helpLook { key(line.keys, line.words) }
        head(model.obstacle.map { strings.change(off: $0) } ?? strings.change)
        key("e", strings.editHelp)
        key("u", strings.undoHelp)
        for verb in Verb.allCases { key(String(verb.letter), strings.title(verb)) }
        if !model.keys.changes.isEmpty { head(strings.changedKeys) }
        for (action, key) in model.keys.changes {
            mark("\(key)", strings.inPlace(action.rawValue, of: action.key))
        }
        head(strings.states)
        for stage in Stage.allCases {
            let text = "  \(stage.letter)  \(stage.name)"
            lines.append(
                Field(
                    text + String(repeating: " ", count: max(1, 18 - text.count)) + strings.legend(stage),
                    stage.role
                )
            )
        }
        head(strings.marks)
        for line in strings.markHelp { mark(line.mark, line.words) }
        return lines
    }
}
