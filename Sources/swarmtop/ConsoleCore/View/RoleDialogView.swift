/// What a change of roles would do, in a dialog.
enum RoleDialogView {
    /// How many nodes are named before they are only counted.
    private static let namesShown = 8

    static func lines(_ question: RoleQuestion, _ model: Model) -> [Field] {
        let strings = model.strings
        var lines: [Field] = []
        if question.targets.count > 1 { lines.append(Field(Self.names(question, strings))) }
        let isWorse = question.kind == .demote && question.after.spare < 1
        let quorum = strings.quorum(question.before, to: question.after)
        lines.append(Field(quorum, isWorse ? .waiting : .normal))
        if let refusal = question.refusal {
            lines.append(Field(strings.refusedRole(strings.refusal(refusal)), .bad))
            return lines
        }
        lines +=
            question.kind == .promote ? Self.promotion(question, strings) : Self.demotion(question, strings)
        lines.append(Field(""))
        let names = question.targets.map(\.name).joined(separator: " ")
        lines.append(Field(strings.sameAs("\(question.kind.word) \(names)"), .muted))
        return lines
    }

    static func accept(_ question: RoleQuestion, _ strings: Strings) -> String {
        if question.refusal != nil { return strings.enterBack }
        let key = question.confirmation == nil ? "y" : "Ctrl-X"
        return strings.roleAccept(key, isPromotion: question.kind == .promote)
    }

    private static func names(_ question: RoleQuestion, _ strings: Strings) -> String {
        let names = question.targets.prefix(Self.namesShown).map(\.name).joined(separator: " ")
        let more = question.targets.count - Self.namesShown
        return strings.nodes(question.targets.count, names, more: more)
    }

    private static func promotion(_ question: RoleQuestion, _ strings: Strings) -> [Field] {
        var lines = [Field(strings.promotionEffect)]
        let down = question.targets.filter { !$0.isReachable }.map(\.name)
        if !down.isEmpty { lines.append(Field(strings.promotedLater(down), .waiting)) }
        return lines
    }

    private static func demotion(_ question: RoleQuestion, _ strings: Strings) -> [Field] {
        var lines = [Field(strings.demotionEffect)]
        if let leader = question.targets.first(where: \.isLeader) {
            lines.append(Field(strings.handsOver(leader.name)))
        }
        if question.after.spare < 1 {
            lines.append(Field(strings.noneMayBeLost, .waiting))
        }
        return lines
    }
}
