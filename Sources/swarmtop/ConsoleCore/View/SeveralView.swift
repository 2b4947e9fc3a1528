import SwarmAPI

/// One question for several objects: each of them with what becomes of it.
enum SeveralView {
    /// How many objects are named one by one.
    private static let limit = 10

    static func title(_ dialog: Dialog) -> String {
        let count = dialog.more.count + 1
        if dialog.isTakingBack { return "Take back \(count) changes" }
        switch dialog.subject {
        case .scale: return "Scale \(count) services"
        case .availability(let question):
            let verb = DialogView.verb(question.wanted)
            return "\(verb.prefix(1).uppercased())\(verb.dropFirst()) \(count) nodes"
        case .plain(let question):
            let verb = question.kind.isFinal ? "Remove" : PlainDialogView.title(question.kind)
            return verb + " \(count) " + (question.kind == .removeNode ? "nodes" : "services")
        default: return "\(count) objects"
        }
    }

    static func lines(_ dialog: Dialog, _ model: Model) -> [Field] {
        let each = dialog.each
        var lines: [Field] = []
        if case .scale(let question) = dialog.subject, !dialog.isTakingBack {
            lines += [Field("replicas of each: [ \(question.typed) ]"), Field("")]
        }
        for one in each.prefix(Self.limit) { lines.append(Self.line(one, model.cluster)) }
        if each.count > Self.limit { lines.append(Field("and \(each.count - Self.limit) more", .muted)) }
        let tasks = each.reduce(0) { $0 + Self.tasks($1, model.cluster) }
        lines += [
            Field(""),
            Field(Self.total(dialog.subject, each.count { $0.isReady || $0.confirmation != nil }, tasks)),
        ]
        if let preview = DialogView.preview(dialog, model)?.answer {
            if case .scale = dialog.subject {
                lines += PreviewView.scaleLines(preview)
            } else if case .availability(let question) = dialog.subject {
                lines += PreviewView.lines(preview, drain: question.wanted == .drain)
            }
        }
        lines += DialogView.waiting(dialog, model)
        if dialog.confirmation != nil { lines.append(Field("It cannot be undone.", .waiting)) }
        return lines
    }

    private static func tasks(_ dialog: Dialog, _ cluster: ClusterState) -> Int {
        switch dialog.subject {
        case .availability: cluster.byNode[dialog.id]?.live ?? 0
        case .plain(let question) where question.kind == .removeNode: cluster.byNode[dialog.id]?.live ?? 0
        default: cluster.byService[dialog.id]?.live ?? 0
        }
    }

    private static func line(_ dialog: Dialog, _ cluster: ClusterState) -> Field {
        let tasks = Self.tasks(dialog, cluster)
        switch dialog.subject {
        case .scale(let question):
            let change =
                question.replicas.map { "\(question.current) -> \($0)" } ?? "\(question.current), as it is"
            return Field("\(dialog.name): \(change)", question.replicas == nil ? .muted : .normal)
        case .availability(let question):
            guard question.isChange else {
                return Field("\(dialog.name): \(question.current.word) already", .muted)
            }
            let change = "\(question.current.word) -> \(question.wanted.word)"
            return Field("\(dialog.name): \(change), \(tasks) tasks", .normal)
        case .plain(let question) where question.kind == .rollBack:
            let image = cluster.services[dialog.id]?.previous?.image ?? "-"
            return Field("\(dialog.name): back to image \(image), \(tasks) tasks")
        default: return Field("\(dialog.name): \(tasks) tasks", tasks > 0 ? .waiting : .normal)
        }
    }

    private static func total(_ subject: Dialog.Subject, _ count: Int, _ tasks: Int) -> String {
        switch subject {
        case .scale: "\(count) are changed, one after the other."
        case .availability(let question) where question.wanted == .drain:
            "\(count) are drained, one after the other; \(tasks) tasks stop there."
        case .availability: "\(count) are changed, one after the other."
        case .plain(let question) where question.kind == .roll: "\(tasks) tasks are replaced in all."
        case .plain(let question) where question.kind.isFinal: "\(tasks) tasks in all."
        default: "\(count) are changed, one after the other."
        }
    }
}
