/// What a change of roles would do, in a dialog.
enum RoleDialogView {
    /// How many nodes are named before they are only counted.
    private static let namesShown = 8

    static func lines(_ question: RoleQuestion, _ model: Model) -> [Field] {
        var lines: [Field] = []
        if question.targets.count > 1 { lines.append(Field(Self.names(question))) }
        let isWorse = question.kind == .demote && question.after.spare < 1
        lines.append(Field(question.before.words(to: question.after), isWorse ? .waiting : .normal))
        if let refusal = question.refusal {
            lines.append(Field("REFUSED  \(refusal).", .bad))
            return lines
        }
        lines += question.kind == .promote ? Self.promotion(question) : Self.demotion(question)
        lines.append(Field(""))
        let names = question.targets.map(\.name).joined(separator: " ")
        lines.append(Field("Same as   :\(question.kind.word) \(names)", .muted))
        return lines
    }

    static func accept(_ question: RoleQuestion) -> String {
        if question.refusal != nil { return "Enter: back" }
        let word = question.kind.word
        return question.confirmation == nil ? "y: \(word)" : "Ctrl-X: \(word)"
    }

    private static func names(_ question: RoleQuestion) -> String {
        let names = question.targets.prefix(Self.namesShown).map(\.name).joined(separator: " ")
        let more = question.targets.count - Self.namesShown
        return "\(question.targets.count) nodes: \(names)\(more > 0 ? " and \(more) more" : "")"
    }

    private static func promotion(_ question: RoleQuestion) -> [Field] {
        let effect = "A new manager gets the log first, and votes once it has it."
        var lines = [Field("\(effect) Tasks are not touched.")]
        let down = question.targets.filter { !$0.isReachable }.map(\.name)
        if !down.isEmpty {
            let text = "WARN  \(down.joined(separator: ", ")): not ready; it becomes manager when it is back."
            lines.append(Field(text, .waiting))
        }
        return lines
    }

    private static func demotion(_ question: RoleQuestion) -> [Field] {
        let effect = "It leaves the group of managers, and works on as a worker."
        var lines = [Field("\(effect) Tasks are not touched.")]
        if let leader = question.targets.first(where: \.isLeader) {
            lines.append(Field("\(leader.name) leads: it hands over first."))
        }
        if question.after.spare < 1 {
            lines.append(
                Field("WARN  afterwards none of the managers may be lost.", .waiting)
            )
        }
        return lines
    }
}
