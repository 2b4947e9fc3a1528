/// The difference that an edit makes.
enum EditDialogView {
    static func lines(_ question: EditQuestion, room: Int) -> [Field] {
        if let refusal = question.refusal {
            return [
                Field("Not possible: \(refusal).", .bad), Field("e edits the text again as you left it."),
            ]
        }
        let shown = question.diff.dropFirst(question.top).prefix(max(1, room - 2))
        var lines = shown.map { Field($0.text, $0.role) }
        let rest = question.diff.count - question.top - shown.count
        if rest > 0 || question.top > 0 {
            lines.append(Field("\(max(0, rest)) more lines: up, down", .muted))
        }
        lines.append(Field("Refused when the object changes meanwhile.", .muted))
        return lines
    }
}
