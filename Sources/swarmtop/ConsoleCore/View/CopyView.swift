/// The menu of `Y`: what of the selected row can be copied.
enum CopyView {
    static func draw(_ painting: inout Painting, chosen: Int) {
        let choices = painting.model.copyables
        let size = painting.canvas.size
        let width = min(size.columns - 2, 68)
        let height = min(choices.count + 3, size.rows)
        let row = max(0, (size.rows - height) / 2)
        let column = max(0, (size.columns - width) / 2)
        painting.canvas.clear(row, column, width: width, height: height)
        painting.canvas.box(row, column, width: width, height: height)
        painting.canvas.put(" \(painting.strings.copy) ", row, column + 3, .title)
        for (index, choice) in choices.enumerated() where index < height - 3 {
            let line = row + 1 + index
            let title =
                choice.title + String(repeating: " ", count: max(1, 6 - DisplayWidth.of(choice.title)))
            painting.canvas.put(
                "\(choice.letter)  \(title)\(choice.text)",
                line,
                column + 4,
                width: width - 6
            )
            guard index == min(chosen, choices.count - 1) else { continue }
            painting.canvas.put(">", line, column + 2, .key)
            painting.cursor = (line, column + 2)
        }
        let hint = painting.strings.copyHint
        painting.canvas.put(hint, row + height - 2, column + 2, .key, width: width - 4)
    }
}
