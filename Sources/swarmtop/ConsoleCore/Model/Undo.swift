import Primitives
import SwarmAPI

/// The last change of this console, and what would take it back.
struct Undo: Sendable, Equatable {
    enum Change: Sendable, Equatable {
        case scale(service: String, to: UInt64)
        case availability(node: String, to: SwarmNodeSpec.Availability)
        case role(RoleQuestion.Kind, nodes: [String])
        case rollBack(service: String)
        /// All that one question changed.
        case several([Change])
    }

    /// How long a change can be taken back.
    static let time: Duration = .seconds(60)

    var change: Change
    var until: Timestamp

    /// What takes `dialog`'s change back; nil where nothing does.
    static func change(of dialog: Dialog) -> Change? {
        guard dialog.more.isEmpty, dialog.undone.isEmpty else {
            // Those that already were as wanted were not changed.
            let changes = dialog.undone + dialog.each.filter(\.isReady).compactMap { Self.change(of: $0) }
            return changes.isEmpty ? nil : changes.count == 1 ? changes[0] : .several(changes)
        }
        switch dialog.subject {
        case .scale(let question): return .scale(service: dialog.id, to: question.current)
        case .availability(let question): return .availability(node: dialog.id, to: question.current)
        case .role(let question):
            let back: RoleQuestion.Kind = question.kind == .promote ? .demote : .promote
            return .role(back, nodes: question.targets.map(\.id))
        case .plain(let question) where question.kind == .rollBack: return .rollBack(service: dialog.id)
        case .edit(let question) where question.key.kind == .service: return .rollBack(service: dialog.id)
        case .plain, .rotation, .keys, .edit: return nil
        }
    }
}

extension Model {
    /// `u`: asks whether the last change should be taken back, as any change is asked for.
    mutating func takeBack() {
        guard let undo = self.undo, self.now < undo.until else {
            return self.say(self.strings.nothingToUndo, .muted)
        }
        switch undo.change {
        case .scale(let id, let replicas):
            guard let service = self.cluster.services[id] else { return self.say(self.strings.serviceIsGone) }
            self.ask(scale: service, to: replicas)
        case .availability(let id, let availability):
            guard let node = self.cluster.nodes[id] else { return self.say(self.strings.nodeIsGone) }
            self.ask(node: node, to: availability)
        case .role(let kind, let ids): self.command(kind, ids)
        case .rollBack(let id): self.command(.rollBack, service: id)
        case .several(let changes): self.takeBack(changes)
        }
    }

    /// Asks for each of `changes` with one question; what is gone meanwhile is left out.
    private mutating func takeBack(_ changes: [Undo.Change]) {
        if let obstacle = self.obstacle { return self.say(self.strings.changesAreOff(obstacle)) }
        let questions = changes.compactMap { self.question(for: $0) }
        guard var dialog = questions.first else { return self.say(self.strings.changedIsGone) }
        dialog.more = questions.dropFirst().map { Dialog.Target($0) }
        dialog.isTakingBack = true
        self.dialog = dialog
        if questions.count < changes.count {
            self.say(self.strings.someAreGone(changes.count - questions.count))
        }
    }

    private func question(for change: Undo.Change) -> Dialog? {
        switch change {
        case .scale(let id, let replicas):
            guard let service = self.cluster.services[id], service.gone == nil, let now = service.replicas
            else { return nil }
            return Dialog(scale: service, replicas: now, to: replicas)
        case .availability(let id, let availability):
            guard let node = self.cluster.nodes[id], node.gone == nil else { return nil }
            return Dialog(node: node, to: availability)
        case .rollBack(let id):
            guard let service = self.cluster.services[id], service.gone == nil, service.previous != nil
            else { return nil }
            return Dialog(PlainQuestion(.rollBack, service.name, id: id), of: service)
        case .role, .several: return nil
        }
    }
}
