/// The menu of `a`: every verb, and for those that are not possible here the reason.
enum MenuView {
    static func draw(_ painting: inout Painting, chosen: Int) {
        let model = painting.model
        let size = painting.canvas.size
        let width = min(size.columns - 2, size.columns >= 120 ? 112 : 78)
        let height = min(Verb.allCases.count + 3, size.rows)
        let row = max(0, (size.rows - height) / 2)
        let column = max(0, (size.columns - width) / 2)
        painting.canvas.clear(row, column, width: width, height: height)
        painting.canvas.box(row, column, width: width, height: height)
        painting.canvas.put(" \(model.strings.actions) ", row, column + 3, .title)
        for (index, verb) in Verb.allCases.enumerated() where index < height - 3 {
            let line = row + 1 + index
            let refusal = model.refusal(of: verb)
            let letter = model.keys.shown(verb.letter)
            let text =
                refusal.map { model.strings.off(letter, $0) } ?? "\(letter)  \(model.strings.title(verb))"
            let role: Style.Role = refusal == nil ? .normal : .muted
            painting.canvas.put(text, line, column + 4, role, width: width - 6)
            guard index == chosen else { continue }
            painting.canvas.put(">", line, column + 2, .key)
            painting.cursor = (line, column + 2)
        }
        let hint = model.strings.menuHint
        painting.canvas.put(hint, row + height - 2, column + 2, .key, width: width - 4)
    }
}
