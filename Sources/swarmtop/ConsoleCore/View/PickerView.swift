/// The columns of the list at hand, to sort by or to show.
enum PickerView {
    private static let width = 44

    static func draw(_ painting: inout Painting, _ picker: Picker) {
        let model = painting.model
        let (columns, size) = (model.columns, painting.canvas.size)
        let height = min(columns.count + 4, size.rows)
        let row = max(0, (size.rows - height) / 2)
        let column = max(0, (size.columns - Self.width) / 2)
        painting.canvas.clear(row, column, width: Self.width, height: height)
        painting.canvas.box(row, column, width: Self.width, height: height)
        let title = " \(picker.use == .sort ? model.strings.sortBy : model.strings.columns) "
        painting.canvas.put(title, row, column + 3, .title)
        for (index, entry) in columns.enumerated() where index < height - 4 {
            let line = row + 1 + index
            let text = Self.text(entry, isFirst: index == 0, picker.use, model)
            painting.canvas.put(text, line, column + 4, .normal, width: Self.width - 6)
            guard index == picker.chosen else { continue }
            painting.canvas.put(">", line, column + 2, .key)
            painting.cursor = (line, column + 2)
        }
        let hint = picker.use == .sort ? model.strings.sortHint : model.strings.columnsHint
        painting.canvas.put(
            "\(hint)   \(model.strings.asItWas)",
            row + height - 3,
            column + 2,
            .muted,
            width: Self.width - 4
        )
        painting.canvas.put(
            model.strings.escCloses,
            row + height - 2,
            column + 2,
            .key,
            width: Self.width - 4
        )
    }

    private static func text(
        _ entry: Column,
        isFirst: Bool,
        _ use: Picker.Use,
        _ model: Model
    ) -> String {
        let (layout, strings) = (model.layout, model.strings)
        let title = strings.title(entry.heading)
        switch use {
        case .sort:
            let mark = layout.sort == entry.id ? "   " + strings.sorted(isReversed: layout.isReversed) : ""
            return title + mark
        case .columns:
            let mark = layout.hidden.contains(entry.id) ? "[ ]" : "[x]"
            return "\(mark) \(title)\(isFirst ? "   " + strings.alwaysShown : "")"
        }
    }
}
