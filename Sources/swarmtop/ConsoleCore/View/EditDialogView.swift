/// The difference that an edit makes.
enum EditDialogView {
    static func lines(_ question: EditQuestion, room: Int, _ strings: Strings) -> [Field] {
        if let refusal = question.refusal {
            return [
                Field(strings.notPossible(refusal), .bad), Field(strings.editKeeps),
            ]
        }
        let shown = question.diff.dropFirst(question.top).prefix(max(1, room - 2))
        var lines = shown.map { Field($0.text, $0.role) }
        let rest = question.diff.count - question.top - shown.count
        if rest > 0 || question.top > 0 {
            lines.append(Field(strings.moreLines(max(0, rest)), .muted))
        }
        lines.append(Field(strings.refusedWhenChanged, .muted))
        return lines
    }
}
