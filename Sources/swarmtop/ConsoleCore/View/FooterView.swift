import Primitives
import SwarmAPI

/// The last two rows: what just happened, and what the keys do here.
enum FooterView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Self.drawMessage(&painting, row: layout.message)
        if case .command(let text) = painting.model.mode {
            let end = painting.canvas.put(":\(text)", layout.hints, 1, .key)
            painting.typing = true
            painting.cursor = (layout.hints, end)
            return
        }
        Self.drawHints(&painting, row: layout.hints)
    }

    private static func drawMessage(_ painting: inout Painting, row: Int) {
        let model = painting.model
        let width = painting.canvas.size.columns - 2
        if let flash = model.flash {
            painting.canvas.put(flash.text, row, 1, flash.role, width: width)
        } else if model.hasData, let advice = model.standing.advice(columns: painting.canvas.size.columns) {
            painting.canvas.put(advice, row, 1, .bad, width: width)
        } else if case .stale(let since, let reason) = model.link {
            let text =
                "Showing the state of \(Ages.clock(since)) UTC. Changes are off: \(reason). Trying again"
            painting.canvas.put(text, row, 1, .bad, width: width)
        } else if model.hasData, let status = model.cluster.status, status.raft.leaderID.isEmpty {
            painting.canvas.put("No leader: changes are off until one is elected", row, 1, .bad, width: width)
        } else if model.hasData {
            JobsView.drawStrip(&painting, row: row)
        }
    }

    private static func drawHints(_ painting: inout Painting, row: Int) {
        var column = 1
        for hint in Self.hints(painting.model) {
            let width = DisplayWidth.of(hint.text)
            guard column + width <= painting.canvas.size.columns else { break }
            column = painting.canvas.put(hint.text, row, column, hint.role) + 1
            if painting.canvas.size.columns >= 100 { column += 1 }
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

    private static func hints(_ model: Model) -> [Field] {
        if let dialog = model.dialog {
            if case .keys(let question) = dialog.subject, question.change == nil {
                return Self.keys(question)
            }
            let accept = dialog.confirmation == nil ? "y:accept" : "type the name, then Ctrl-X:accept"
            return [Field(accept, .key), Field("Esc/Enter:cancel", .key)]
        }
        if case .menu = model.mode { return [Field("Esc:close", .key)] }
        if model.mode == .filtering, model.page.place.isText {
            return [
                Field("Enter:keep", .key), Field("Esc:clear", .key), Field("n N: next, previous", .muted),
            ]
        }
        if model.mode == .filtering {
            return [
                Field("Enter:keep", .key), Field("Esc:clear", .key),
                Field("word !word field:word (node: state: want: service: error: ...)", .muted),
            ]
        }
        let off = model.obstacle
        func verb(_ text: String) -> Field { off == nil ? Field(text, .key) : Field("\(text)(off)", .muted) }
        var hints: [Field]
        switch model.page.place {
        case .services:
            hints = [
                Field("Enter:tasks", .key), Field("d:describe", .key), Field("l:logs", .key),
                Field("/:filter", .key), verb("S:scale"), verb("R:roll"),
            ]
        case .nodes:
            hints = [
                Field("Enter:tasks", .key), Field("d:describe", .key), verb("D:drain/activate"),
                verb("P:promote"), verb("M:demote"),
            ]
        case .raft:
            hints = [
                Field("/:filter", .key), verb("D:drain/activate"), verb("P:promote"), verb("M:demote"),
            ]
        case .events:
            hints = [
                Field("<-/->:level", .key), Field("/:filter kind:task", .key), Field("d:describe", .key),
                Field("p:freeze", .key),
            ]
        case .secrets, .networks:
            hints = [Field("d:describe", .key), Field("y:YAML", .key), Field("/:filter", .key)]
        case .certificates:
            hints = [Field("/:filter", .key), verb("R:rotate CA"), verb("K:tokens/lock")]
        case .logs:
            return [
                Field("up: pause", .key), Field("G:follow", .key), Field("/:search n N", .key),
                Field("<-/->:scroll", .key), Field(":command", .key), Field("?:help", .key),
                model.pages.count > 1 ? Field("Esc:up", .key) : Field("q:quit", .key),
            ]
        case .object:
            return [
                Field("d:describe", .key), Field("y:YAML/JSON", .key), Field("/:search n N", .key),
                Field("<-/->:scroll", .key), Field("l:logs", .key), Field("a:actions", .key),
                Field("Esc:up", .key),
            ]
        case .tasks(.slot):
            hints = [
                Field("<-/->:slot", .key), Field("d:describe", .key), Field("y:YAML", .key),
                Field("/:filter", .key),
            ]
        case .tasks(.node):
            hints = [
                Field("<-/->:stage", .key), Field("m:map", .key), Field("/:filter", .key),
                verb("D:drain/activate"),
            ]
        case .tasks:
            hints = [
                Field("Enter:detail", .key), Field("<-/->:stage", .key), Field("l:logs", .key),
                Field("h:history", .key), Field("/:filter", .key), verb("S:scale"),
            ]
        }
        hints += [Field("a:actions", .key), Field(":command", .key), Field("?:help", .key)]
        hints.append(model.pages.count > 1 ? Field("Esc:up", .key) : Field("q:quit", .key))
        if let off, off == "read-only console" { hints.append(Field("changes are off: \(off)", .muted)) }
        return hints
    }
}
