import SwarmAPI

/// One question for several objects: each of them with what becomes of it.
enum SeveralView {
    /// How many objects are named one by one.
    private static let limit = 10

    static func title(_ dialog: Dialog, _ strings: Strings) -> String {
        let count = dialog.more.count + 1
        if dialog.isTakingBack { return strings.takeBackTitle(count) }
        switch dialog.subject {
        case .scale: return strings.scaleSeveral(count)
        case .availability(let question):
            return strings.availabilityTitle(strings.countedNodes(count), AvailabilityVerb(question.wanted))
        case .plain(let question):
            let objects =
                question.kind == .removeNode ? strings.countedNodes(count) : strings.countedServices(count)
            return question.kind.isFinal
                ? strings.remove(objects) : strings.plainTitle(question.kind, objects)
        default: return strings.countedObjects(count)
        }
    }

    static func lines(_ dialog: Dialog, _ model: Model) -> [Field] {
        let each = dialog.each
        let strings = model.strings
        var lines: [Field] = []
        if case .scale(let question) = dialog.subject, !dialog.isTakingBack {
            lines += [Field(strings.replicasOfEach(question.typed)), Field("")]
        }
        for one in each.prefix(Self.limit) { lines.append(Self.line(one, model)) }
        if each.count > Self.limit { lines.append(Field(strings.andMore(each.count - Self.limit), .muted)) }
        let changed = each.count { $0.isReady || $0.confirmation != nil }
        let tasks = each.reduce(0) { $0 + Self.tasks($1, model.cluster) }
        lines += [
            Field(""),
            Field(Self.total(dialog.subject, changed, tasks, strings)),
        ]
        if let preview = DialogView.preview(dialog, model)?.answer {
            if case .scale = dialog.subject {
                lines += PreviewView.scaleLines(preview, strings)
            } else if case .availability(let question) = dialog.subject {
                lines += PreviewView.lines(preview, drain: question.wanted == .drain, strings)
            }
        }
        lines += DialogView.waiting(dialog, model)
        if dialog.confirmation != nil { lines.append(Field(strings.cannotBeUndone, .waiting)) }
        return lines
    }

    private static func tasks(_ dialog: Dialog, _ cluster: ClusterState) -> Int {
        switch dialog.subject {
        case .availability: cluster.byNode[dialog.id]?.live ?? 0
        case .plain(let question) where question.kind == .removeNode: cluster.byNode[dialog.id]?.live ?? 0
        default: cluster.byService[dialog.id]?.live ?? 0
        }
    }

    private static func line(_ dialog: Dialog, _ model: Model) -> Field {
        let (cluster, strings) = (model.cluster, model.strings)
        let tasks = Self.tasks(dialog, cluster)
        switch dialog.subject {
        case .scale(let question):
            let change =
                question.replicas.map { "\(question.current) -> \($0)" } ?? strings.asItIs(question.current)
            return Field("\(dialog.name): \(change)", question.replicas == nil ? .muted : .normal)
        case .availability(let question):
            guard question.isChange else {
                return Field(strings.already(dialog.name, question.current.word), .muted)
            }
            let change = "\(question.current.word) -> \(question.wanted.word)"
            return Field("\(dialog.name): \(strings.change(change, tasks: tasks))", .normal)
        case .plain(let question) where question.kind == .rollBack:
            let image = cluster.services[dialog.id]?.previous?.image ?? "-"
            return Field(strings.backToImage(dialog.name, image, tasks))
        default: return Field("\(dialog.name): \(strings.tasks(tasks))", tasks > 0 ? .waiting : .normal)
        }
    }

    private static func total(
        _ subject: Dialog.Subject,
        _ count: Int,
        _ tasks: Int,
        _ strings: Strings
    ) -> String {
        switch subject {
        case .scale: strings.changedInTurn(count)
        case .availability(let question) where question.wanted == .drain:
            strings.drainedInTurn(count, tasks)
        case .availability: strings.changedInTurn(count)
        case .plain(let question) where question.kind == .roll: strings.replacedInAll(tasks)
        case .plain(let question) where question.kind.isFinal: strings.tasksInAll(tasks)
        default: strings.changedInTurn(count)
        }
    }
}
