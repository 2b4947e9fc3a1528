/// The last row: what the keys do here, the way to help and out of here always among them.
enum HintsView {
    static func draw(_ painting: inout Painting, row: Int) {
        let columns = painting.canvas.size.columns
        let gap = columns >= 100 ? 2 : 1
        let model = painting.model
        let special = Self.special(model)
        let hints = special ?? Self.hints(model)
        let tail = special == nil ? Self.tail(model) : []
        let reserved = tail.prefix(2).reduce(0) { $0 + DisplayWidth.of($1.text) + gap }
        var column = 1
        for hint in hints where column + DisplayWidth.of(hint.text) + reserved <= columns {
            column = painting.canvas.put(hint.text, row, column, hint.role) + gap
        }
        for hint in tail {
            guard column + DisplayWidth.of(hint.text) <= columns else { break }
            column = painting.canvas.put(hint.text, row, column, hint.role) + gap
        }
    }

    /// What the keys do while something else than a page has them.
    private static func special(_ model: Model) -> [Field]? {
        let strings = model.strings
        if let dialog = model.dialog {
            if case .keys(let question) = dialog.subject, question.change == nil {
                return Self.keys(question, strings)
            }
            let accept = dialog.confirmation == nil ? strings.accept : strings.typeTheName
            return [Field(accept, .key), Field(strings.escEnterCancel, .key)]
        }
        switch model.mode {
        case .menu, .picking, .copying: return [Field(strings.escClose, .key)]
        case .filtering:
            let words = model.page.place.isText ? strings.nextHit : strings.filterWords
            return [
                Field(strings.enterKeeps, .key), Field(strings.escClears, .key), Field(words, .muted),
            ]
        case .browsing, .command, .help, .jobs: return nil
        }
    }

    /// The keys of the dialog about secrets as long as none of its changes is chosen.
    private static func keys(_ question: KeysQuestion, _ strings: Strings) -> [Field] {
        let (show, new) = question.autolock ? ("w/m/u", "W/M/U") : ("w/m", "W/M")
        return [
            Field(strings.show(show), .key), Field(strings.newOne(new), .key),
            Field(strings.autolockKey, .key),
            Field(strings.escEnterClose, .key),
        ]
    }

    private static func tail(_ model: Model) -> [Field] {
        let strings = model.strings
        var tail = [Field(strings.helpKey, .key)]
        tail.append(Field(model.pages.count > 1 ? strings.upKey : strings.quitKey, .key))
        if model.readOnly { tail.append(Field(strings.readOnlyHint, .muted)) }
        return tail
    }

    private static func hints(_ model: Model) -> [Field] {
        let off = model.obstacle != nil
        let say = model.strings
        func keys(_ texts: String...) -> [Field] { texts.map { Field(model.keys.hint($0), .key) } }
        func verbs(_ texts: String...) -> [Field] {
            texts.map { model.keys.hint($0) }.map { off ? Field(say.off($0), .muted) : Field($0, .key) }
        }
        let own: [Field] =
            switch model.page.place {
            case .services:
                keys(say.tasksHint, say.describeHint, say.logsHint, say.filterHint)
                    + verbs(say.scaleHint, say.rollHint)
            case .nodes:
                keys(say.tasksHint, say.describeHint) + verbs(say.drainHint, say.promoteHint, say.demoteHint)
            case .raft: keys(say.filterHint) + verbs(say.leadHint, say.drainHint, say.demoteHint)
            case .events: keys(say.levelHint, say.kindHint, say.describeHint, say.freezeHint)
            case .secrets, .networks: keys(say.describeHint, say.yamlHint, say.filterHint)
            case .certificates: keys(say.filterHint) + verbs(say.rotateHint, say.keysHint)
            case .logs: keys(say.pauseHint, say.followHint, say.searchHint, say.scrollHint)
            case .object:
                keys(say.describeHint, say.yamlJSONHint, say.searchHint, say.scrollHint, say.logsHint)
            case .tasks(.slot): keys(say.slotHint, say.describeHint, say.yamlHint, say.filterHint)
            case .tasks(.node): keys(say.stageHint, say.mapHint, say.filterHint) + verbs(say.drainHint)
            case .tasks:
                keys(say.detailHint, say.stageHint, say.logsHint, say.historyHint, say.filterHint)
                    + verbs(say.scaleHint)
            }
        return own + keys(say.actionsHint, say.commandHint)
    }
}
