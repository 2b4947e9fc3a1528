import SwarmAPI

/// Changing several objects with one question.
extension Model {
    /// One question changes no more objects: each is a request of its own.
    static let severalLimit = 50

    /// Why `verb` cannot be asked for the marked objects; nil in the outer sense where it does not concern them.
    func severalRefusal(of verb: Verb) -> String?? {
        let (services, nodes) = (self.markedServices, self.markedNodes)
        guard services.count + nodes.count > 0 else { return nil }
        if services.count + nodes.count > Self.severalLimit {
            return self.strings.tooMany(services.count + nodes.count, limit: Self.severalLimit)
        }
        switch verb {
        case .scale, .roll, .rollBack:
            guard nodes.isEmpty else { return nil }
            return .some(services.lazy.compactMap { self.refusal(of: verb, service: $0) }.first)
        case .availability:
            guard services.isEmpty else { return nil }
            return .some(nodes.first { $0.gone != nil }.map { self.strings.isGone($0.name) })
        case .remove:
            let gone = services.first { $0.gone != nil }.map { self.strings.isGone($0.name) }
            return .some(gone ?? nodes.lazy.compactMap { self.removalRefusal(of: $0) }.first)
        case .promote, .demote, .transferLeader, .rotateRoot, .keys: return nil
        }
    }

    /// Opens one question for all that is marked; returns false where the verb means the object at hand.
    mutating func askSeveral(_ verb: Verb) -> Bool {
        if self.markedServices.count > 1, [.scale, .roll, .rollBack, .remove].contains(verb) {
            self.dialog = self.question(verb, of: self.markedServices)
            return true
        }
        if self.markedNodes.count > 1, [.availability, .remove].contains(verb) {
            self.dialog = self.question(verb, of: self.markedNodes)
            return true
        }
        return false
    }

    private func question(_ verb: Verb, of services: [ServiceRow]) -> Dialog? {
        guard let first = services.first else { return nil }
        var dialog: Dialog
        switch verb {
        case .scale: dialog = Dialog(scale: first, replicas: first.replicas ?? 0)
        case .roll: dialog = Dialog(PlainQuestion(.roll, first.name, id: first.id), of: first)
        case .rollBack: dialog = Dialog(PlainQuestion(.rollBack, first.name, id: first.id), of: first)
        default:
            let question = PlainQuestion(.removeService, "\(services.count)-services", id: "")
            dialog = Dialog(question, of: first)
        }
        dialog.more = services.dropFirst().map { Dialog.Target($0) }
        return dialog
    }

    private func question(_ verb: Verb, of nodes: [NodeRow]) -> Dialog? {
        guard let first = nodes.first else { return nil }
        var dialog =
            verb == .remove
            ? Dialog(PlainQuestion(.removeNode, "\(nodes.count)-nodes", id: ""), of: first)
            : Dialog(node: first)
        dialog.more = nodes.dropFirst().map { Dialog.Target($0) }
        return dialog
    }
}

extension ServiceRow {
    /// How many replicas are wanted; nil for what is no replicated service.
    var replicas: UInt64? {
        if case .replicated(let replicas) = self.mode { return replicas }
        return nil
    }
}

extension Dialog {
    /// Another object that the same answer changes.
    struct Target: Sendable, Equatable {
        var id: String
        var name: String
        var version: UInt64
        var replicas: UInt64?
        var availability: SwarmNodeSpec.Availability?
        /// What is asked about this one, where it is not what is asked about the first.
        var own: Subject?

        init(_ service: ServiceRow) {
            (self.id, self.name, self.version) = (service.id, service.name, service.version)
            self.replicas = service.replicas
        }

        init(_ node: NodeRow) {
            (self.id, self.name, self.version) = (node.id, node.name, node.version)
            self.availability = node.availability
        }

        init(_ dialog: Dialog) {
            (self.id, self.name, self.version) = (dialog.id, dialog.name, dialog.version)
            self.own = dialog.subject
        }
    }

    /// The questions for each object by itself, in order.
    var each: [Dialog] {
        var first = self
        (first.more, first.undone, first.phase) = ([], [], .asking)
        return [first]
            + self.more.map { target in
                if let own = target.own { return Dialog(target, own) }
                var subject = self.subject
                switch subject {
                case .scale(let question):
                    subject = .scale(question.applied(to: target.replicas ?? 0))
                case .availability(let question):
                    subject = .availability(
                        AvailabilityQuestion(current: target.availability ?? .active, wanted: question.wanted)
                    )
                default: break
                }
                return Dialog(target, subject)
            }
    }

    /// The names of all, as many as fit into a line.
    func names(_ strings: Strings) -> String {
        let names = [self.name] + self.more.map(\.name)
        return names.count > 2 ? strings.countedObjects(names.count) : strings.both(names)
    }

    /// The first `count` are done; what is left is asked for again.
    mutating func drop(_ count: Int) {
        // Those that were as wanted already were not among what was asked for.
        let asked = self.each.indices.filter { self.each[$0].isReady }
        guard asked.indices.contains(count) else { return }
        let each = self.each
        let undone = self.undone + asked.prefix(count).compactMap { Undo.change(of: each[$0]) }
        let (before, next) = (self, asked[count])
        self = each[next]
        self.more = Array(before.more.dropFirst(next))
        (self.phase, self.isPainted, self.seen) = (before.phase, before.isPainted, before.seen)
        (self.undone, self.isTakingBack) = (undone, before.isTakingBack)
    }
}
