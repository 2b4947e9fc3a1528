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
        if let dialog = model.dialog {
            if case .keys(let question) = dialog.subject, question.change == nil {
                return Self.keys(question)
            }
            let accept = dialog.confirmation == nil ? "y:accept" : "type the name, then Ctrl-X:accept"
            return [Field(accept, .key), Field("Esc/Enter:cancel", .key)]
        }
        switch model.mode {
        case .menu, .picking, .copying: return [Field("Esc:close", .key)]
        case .filtering:
            let words =
                model.page.place.isText
                ? "n N: next, previous" : "word !word ~regex field:word (node: state: want: error: ...)"
            return [Field("Enter:keep", .key), Field("Esc:clear", .key), Field(words, .muted)]
        case .browsing, .command, .help, .jobs: return nil
        }
    }

    /// The keys of the dialog about secrets as long as none of its changes is chosen.
    private static func keys(_ question: KeysQuestion) -> [Field] {
        let (show, new) = question.autolock ? ("w/m/u", "W/M/U") : ("w/m", "W/M")
        return [
            Field("\(show):show", .key), Field("\(new):new one", .key), Field("a:autolock", .key),
            Field("Esc/Enter:close", .key),
        ]
    }

    private static func tail(_ model: Model) -> [Field] {
        var tail = [Field("?:help", .key)]
        tail.append(model.pages.count > 1 ? Field("Esc:up", .key) : Field("q:quit", .key))
        if model.readOnly { tail.append(Field("changes are off: read-only console", .muted)) }
        return tail
    }

    private static func hints(_ model: Model) -> [Field] {
        let off = model.obstacle != nil
        func keys(_ texts: String...) -> [Field] { texts.map { Field(model.keys.hint($0), .key) } }
        func verbs(_ texts: String...) -> [Field] {
            texts.map { model.keys.hint($0) }.map { off ? Field("\($0)(off)", .muted) : Field($0, .key) }
        }
        let own: [Field] =
            switch model.page.place {
            case .services:
                keys("Enter:tasks", "d:describe", "l:logs", "/:filter") + verbs("S:scale", "R:roll")
            case .nodes:
                keys("Enter:tasks", "d:describe") + verbs("D:drain/activate", "P:promote", "M:demote")
            case .raft: keys("/:filter") + verbs("T:lead", "D:drain/activate", "M:demote")
            case .events: keys("<-/->:level", "/:filter kind:task", "d:describe", "p:freeze")
            case .secrets, .networks: keys("d:describe", "y:YAML", "/:filter")
            case .certificates: keys("/:filter") + verbs("R:rotate CA", "K:tokens/lock")
            case .logs: keys("up: pause", "G:follow", "/:search n N", "<-/->:scroll")
            case .object: keys("d:describe", "y:YAML/JSON", "/:search n N", "<-/->:scroll", "l:logs")
            case .tasks(.slot): keys("<-/->:slot", "d:describe", "y:YAML", "/:filter")
            case .tasks(.node): keys("<-/->:stage", "m:map", "/:filter") + verbs("D:drain/activate")
            case .tasks:
                keys("Enter:detail", "<-/->:stage", "l:logs", "h:history", "/:filter") + verbs("S:scale")
            }
        return own + keys("a:actions", ":command")
    }
}
