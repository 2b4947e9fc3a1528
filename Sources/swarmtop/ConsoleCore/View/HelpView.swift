/// The keys and the legend of states.
enum HelpView {
    static func draw(_ painting: inout Painting, top: Int) {
        let size = painting.canvas.size
        painting.canvas.put("swarmtop - help", 0, 1, .title)
        painting.canvas.putRight("Esc: back", 0, end: size.columns - 1, .key)
        let lines = Self.lines(painting.model)
        for row in 2..<max(2, size.rows - 1) where top + row - 2 < lines.count {
            let line = lines[top + row - 2]
            painting.canvas.put(line.text, row, 1, line.role)
        }
        let shown = max(1, size.rows - 3)
        if lines.count > shown {
            let last = min(lines.count, top + shown)
            painting.canvas.put(
                "lines \(top + 1)-\(last) of \(lines.count)   up/down PgUp/PgDn",
                size.rows - 1,
                1,
                .muted
            )
        }
        painting.cursor = (0, 0)
    }

    static func lines(_ model: Model) -> [Field] {
        var lines: [Field] = []
        func head(_ text: String) { lines.append(Field(text, .heading)) }
        func mark(_ keys: String, _ text: String) {
            lines.append(Field("  " + keys + String(repeating: " ", count: max(1, 24 - keys.count)) + text))
        }
        func key(_ keys: String, _ text: String) { mark(model.keys.hints(keys), text) }
        head("Look")
        key("arrows j k PgUp PgDn g G", "move")
        key("Enter / Esc", "tasks of the selected service or node, a task in full / up again")
        key("d  y", "describe the object; as YAML, again as JSON    /  n N: search in it")
        key("l", "follow what it prints: going up pauses, G goes on")
        key("h", "what ran in the slot before; left right: the next slot")
        key("1 2 3 4 5, Tab, -", "views, next view, last view")
        key("/", "filter: word !word ~regex field:word (all must hold), else what comes near")
        key("", "  ~ takes . [a-z] ( | ) * + ? {2,5} ^ $ \\d \\w \\s \\b   node:~^w0[1-4]$")
        key("left right", "tasks: choose a state, events: a level    m: size of the picture")
        key("Space v *  U", "services, nodes: mark one, up to here, all / take the marks away")
        key("o O < >  c  w", "sort, reverse, next column; columns; all of them (left right scroll)")
        key("Y", "copy the row's ID, name or words (OSC 52)")
        key("z", "jobs: what is under way, and why it does not go on")
        key("a", "all changes, and why some are not possible here")
        key(":", "commands: :scale NAME N  :drain :pause :activate NODE")
        key("", "  :promote :demote NODE...  :rotate ca  :tokens  :q")
        key("", "  Tab completes, up and down recall; swarmd's words too:")
        key("", "  :service scale web=5  :node update --availability drain w01")
        key("", "  :ps :logs :describe :edit NAME")
        key("", "  :roll :rollback :rm SERVICE  :rm-node :transfer-leader NODE")
        key("", "  :nodes :services :tasks :raft :events :logs :secrets :networks :certs")
        key("", "  :theme NAME   (\(Theme.choices))")
        key("Ctrl-L  q  Ctrl-C twice", "redraw, quit at the top, quit")
        if let obstacle = model.obstacle {
            head("Change the cluster  (off: \(obstacle))")
        } else {
            head("Change the cluster  (asks first; only y accepts, or a name and Ctrl-X)")
        }
        key("e", "edit the spec of a service or a node in $EDITOR; shows what would change")
        key("u", "take the last change back, one or several at once, for 60 s")
        for verb in Verb.allCases { key(String(verb.letter), verb.title) }
        if !model.keys.changes.isEmpty { head("Keys that the configuration file changed") }
        for (action, key) in model.keys.changes {
            mark("\(key)", "\(action.rawValue), in place of \(action.key)")
        }
        head("States, in the order of life")
        for stage in Stage.allCases {
            let text = "  \(stage.letter)  \(stage.name)"
            lines.append(
                Field(
                    text + String(repeating: " ", count: max(1, 18 - text.count)) + Self.legend(stage),
                    stage.role
                )
            )
        }
        head("Marks")
        mark("!  after a number", "needs attention")
        mark("*  after a node", "the leader")
        mark("!  !!  after a time", "a certificate ends within 30, within 7 days")
        return lines
    }

    private static func legend(_ stage: Stage) -> String {
        switch stage {
        case .new: "made by the orchestrator; waits for the allocator"
        case .pending: "has its networks; waits for the scheduler to find a node"
        case .assigned: "has a node; waits for its agent"
        case .accepted: "the agent has taken it"
        case .preparing: "the agent fetches the image"
        case .ready: "may start as soon as it is told to"
        case .starting: "starts, or waits for its health check"
        case .running: "runs"
        case .complete: "ended well"
        case .shutdown: "stopped on request"
        case .failed: "ended badly"
        case .rejected: "the node could not run it"
        case .remove: "only desired: will be deleted once it has stopped"
        case .orphaned: "its node has been down too long"
        }
    }
}
