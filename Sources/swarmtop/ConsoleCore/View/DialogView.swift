import SwarmAPI

/// The question in a box over the screen, which goes on living behind it.
enum DialogView {
    private static let width = 57

    static func draw(_ painting: inout Painting) {
        guard let dialog = painting.model.dialog else { return }
        let size = painting.canvas.size
        let strings = painting.strings
        let width = min(Self.width(dialog), size.columns - 2)
        var lines = Self.question(dialog, painting.model, room: size.rows - 8).flatMap { field in
            DetailView.wrap(field.text, width: width - 4).map { Field($0.text, field.role) }
        }
        var end = [Field(""), Field("\(strings.cancel)    \(Self.accept(dialog, strings))", .key)]
        let name = Self.needsName(dialog) ? dialog.confirmation : nil
        if let name { end.insert(Field(Self.field(name, strings)), at: 1) }
        // What does not fit is cut from the explanation, never from the field and the buttons.
        lines = Array(lines.prefix(max(1, size.rows - 4 - end.count))) + end
        let height = lines.count + 2
        let row = max(0, (size.rows - height) / 2)
        let column = max(0, (size.columns - width) / 2)
        painting.canvas.clear(row, column, width: width, height: height)
        painting.canvas.box(row, column, width: width, height: height)
        painting.canvas.put(" \(Self.title(dialog, strings)) ", row, column + 3, .title, width: width - 6)
        for (index, line) in lines.enumerated() {
            painting.canvas.put(line.text, row + 1 + index, column + 2, line.role, width: width - 4)
        }
        painting.cursor = (row + height - 2, column + 4)
        if let name {
            let typed = DisplayWidth.of(Self.prompt(name, strings) + name.typed)
            painting.cursor = (row + height - 3, min(column + 2 + typed, column + width - 3))
            painting.typing = true
        }
    }

    /// Questions about secrets are wide where the screen is: a token and an address have 100 characters.
    private static func width(_ dialog: Dialog) -> Int {
        guard dialog.more.isEmpty else { return 68 }
        return switch dialog.subject {
        case .scale, .availability: Self.width
        case .role, .rotation, .plain: 68
        case .edit: 100
        case .keys: 112
        }
    }

    /// The dialog has a field for a name, and it is time to type into it.
    private static func needsName(_ dialog: Dialog) -> Bool {
        if case .sending = dialog.phase { return false }
        return dialog.confirmation != nil
    }

    private static func prompt(_ name: TypedName, _ strings: Strings) -> String {
        "\(strings.typeName(name.wanted)): [ "
    }

    private static func field(_ name: TypedName, _ strings: Strings) -> String {
        let blanks = max(1, name.wanted.count - name.typed.count + 1)
        return Self.prompt(name, strings) + name.typed + String(repeating: " ", count: blanks) + "]"
    }

    private static func title(_ dialog: Dialog, _ strings: Strings) -> String {
        guard dialog.more.isEmpty else { return SeveralView.title(dialog, strings) }
        return switch dialog.subject {
        case .scale: strings.scaleTitle(dialog.name)
        case .availability(let question):
            strings.availabilityTitle(dialog.name, AvailabilityVerb(question.wanted))
        case .role(let question):
            strings.roleTitle(question.names(strings), isPromotion: question.kind == .promote)
        case .rotation: strings.rotationTitle
        case .plain(let question): strings.plainTitle(question.kind, dialog.name)
        case .edit: strings.changeTitle(dialog.name)
        case .keys: strings.keysTitle
        }
    }

    /// What the other button says.
    static func accept(_ dialog: Dialog, _ strings: Strings) -> String {
        if case .sending = dialog.phase { return strings.asking }
        if dialog.isTakingBack { return strings.asBefore }
        switch dialog.subject {
        case .scale: return dialog.isReady ? strings.scaleAccept : strings.scaleType
        case .availability(let question):
            return dialog.isReady
                ? strings.availabilityAccept(AvailabilityVerb(question.wanted)) : strings.availabilityChoose
        case .role(let question): return RoleDialogView.accept(question, strings)
        case .rotation: return strings.rotationAccept
        case .plain(let question): return strings.plainAccept(question.kind)
        case .edit(let question): return question.isReady ? strings.editAccept : strings.editAgain
        case .keys(let question): return strings.keysAccept(question.change)
        }
    }

    static func verb(_ availability: SwarmNodeSpec.Availability) -> String {
        availability == .active ? "activate" : availability.word
    }

    /// The question without its box.
    static func words(_ dialog: Dialog, _ model: Model) -> [String] {
        let lines = Self.question(dialog, model, room: 100).map(\.text)
        return [model.strings.question(Self.title(dialog, model.strings))] + lines.filter { !$0.isEmpty }
    }

    private static func question(_ dialog: Dialog, _ model: Model, room: Int) -> [Field] {
        var lines: [Field]
        guard dialog.more.isEmpty else {
            return SeveralView.lines(dialog, model) + Self.ending(dialog, model)
        }
        switch dialog.subject {
        case .scale(let question): lines = Self.scale(dialog, question.current, question.typed, model)
        case .availability(let question):
            lines = Self.availability(dialog, question.current, question.wanted, model)
        case .role(let question): lines = RoleDialogView.lines(question, model)
        case .rotation(let question): lines = RotationDialogView.lines(question, model)
        case .plain(let question): lines = PlainDialogView.lines(dialog, question.kind, model)
        case .edit(let question): lines = EditDialogView.lines(question, room: room, model.strings)
        case .keys(let question): lines = KeysDialogView.lines(question, model)
        }
        return lines + Self.ending(dialog, model)
    }

    /// How the request stands, and what happened to the object meanwhile.
    private static func ending(_ dialog: Dialog, _ model: Model) -> [Field] {
        var lines: [Field] = []
        switch dialog.phase {
        case .asking, .sending: break
        case .conflict(let note):
            let key = dialog.confirmation == nil ? "y" : "Ctrl-X"
            lines.append(Field(model.strings.pressToGoOn(note, key), .waiting))
        case .failed(let words): lines.append(Field(model.strings.notDone(words), .bad))
        }
        if case .asking = dialog.phase, Self.isOutdated(dialog, model) {
            lines.append(Field(model.strings.outdated, .waiting))
        }
        return lines
    }

    private static func isOutdated(_ dialog: Dialog, _ model: Model) -> Bool {
        switch dialog.subject {
        case .scale: return Self.isOutdated(service: dialog.id, dialog.version, model)
        case .plain(let question) where question.kind.isOfNode:
            return Self.isOutdated(dialog.id, dialog.version, model)
        case .plain: return Self.isOutdated(service: dialog.id, dialog.version, model)
        case .availability: return Self.isOutdated(dialog.id, dialog.version, model)
        case .role(let question):
            return question.targets.contains { Self.isOutdated($0.id, $0.version, model) }
        case .edit(let question):
            return question.key.kind == .service
                ? Self.isOutdated(service: dialog.id, dialog.version, model)
                : Self.isOutdated(dialog.id, dialog.version, model)
        case .rotation, .keys: return model.cluster.clusterVersion > dialog.version
        }
    }

    private static func isOutdated(service id: String, _ version: UInt64, _ model: Model) -> Bool {
        guard let service = model.cluster.services[id], service.gone == nil else { return true }
        return service.version != version
    }

    private static func isOutdated(_ id: String, _ version: UInt64, _ model: Model) -> Bool {
        guard let node = model.cluster.nodes[id], node.gone == nil else { return true }
        return node.version != version
    }

    private static func scale(_ dialog: Dialog, _ current: UInt64, _ typed: String, _ model: Model) -> [Field]
    {
        let running = model.cluster.byService[dialog.id]?.running ?? 0
        let wanted = UInt64(typed) ?? 0
        let step = wanted >= current ? "+\(wanted - current)" : "-\(current - wanted)"
        let field = typed + String(repeating: " ", count: max(0, 3 - typed.count))
        let strings = model.strings
        var lines = [Field(strings.replicas(running, of: current, new: field, step))]
        if let answer = Self.preview(dialog, model)?.answer {
            lines += PreviewView.scaleLines(answer, strings)
        } else if wanted < current {
            lines.append(Field(strings.willStop(current - wanted), .waiting))
        } else if wanted > current {
            lines.append(Field(strings.willStart(wanted - current)))
        }
        lines += Self.waiting(dialog, model)
        if let service = model.cluster.services[dialog.id], service.updateState == .updating {
            lines.append(Field(strings.updateIsRunning, .waiting))
        }
        lines.append(Field(""))
        lines.append(Field(strings.sameAs("scale \(dialog.name) \(typed)"), .muted))
        return lines
    }

    private static func availability(
        _ dialog: Dialog,
        _ current: SwarmNodeSpec.Availability,
        _ wanted: SwarmNodeSpec.Availability,
        _ model: Model
    ) -> [Field] {
        let live = model.cluster.byNode[dialog.id]?.live ?? 0
        let preview = Self.preview(dialog, model)?.answer
        let strings = model.strings
        var lines = [Field(strings.availability(current.word, new: wanted.word)), Field("")]
        switch wanted {
        case .active: lines.append(Field(strings.activateEffect))
        case .pause: lines.append(Field(strings.pauseEffect(live)))
        default:
            guard preview == nil else { break }
            lines.append(Field(strings.stopHere(live), live > 0 ? .waiting : .normal))
            lines.append(contentsOf: Self.consequences(dialog.id, model))
        }
        if let preview { lines += PreviewView.lines(preview, drain: wanted == .drain, strings) }
        lines += Self.waiting(dialog, model)
        lines.append(Field(""))
        lines.append(Field(strings.sameAs("\(Self.verb(wanted)) \(dialog.name)"), .muted))
        return lines
    }

    /// What the manager computed, or is computing, about just this question.
    static func preview(_ dialog: Dialog, _ model: Model) -> Preview? {
        guard let preview = model.preview, preview.request == dialog.previewRequest else { return nil }
        return preview
    }

    /// What is said while there is no answer.
    static func waiting(_ dialog: Dialog, _ model: Model) -> [Field] {
        guard let preview = Self.preview(dialog, model), preview.answer == nil else { return [] }
        return [PreviewView.waiting(preview, model.strings)]
    }

    /// What becomes of a drained node's tasks.
    private static func consequences(_ node: String, _ model: Model) -> [Field] {
        var global = 0
        var replaced = 0
        for task in model.cluster.tasks.values
        where task.nodeID == node && task.stage.isLive && task.gone == nil {
            switch model.cluster.services[task.serviceID]?.mode {
            case .global, .globalJob: global += 1
            case .replicated, .job: replaced += 1
            case nil: break
            }
        }
        let strings = model.strings
        var lines: [Field] = []
        if replaced > 0 { lines.append(Field(strings.placedAgain(replaced))) }
        if global > 0 { lines.append(Field(strings.notReplaced(global))) }
        let others = model.cluster.nodes.values.filter {
            $0.id != node && $0.isReady && $0.availability == .active
        }
        if others.isEmpty, replaced > 0 {
            lines.append(Field(strings.warn(strings.noOtherNode), .bad))
        }
        return lines
    }
}

extension AvailabilityVerb {
    /// What makes a node so.
    init(_ availability: SwarmNodeSpec.Availability) {
        switch availability {
        case .active: self = .activate
        case .pause: self = .pause
        default: self = .drain
        }
    }
}
