/// A change of the cluster that a key asks for; the letters are the same in every view and in the menu of `a`.
enum Verb: Sendable, CaseIterable {
    case scale, roll, rollBack, availability, promote, demote, transferLeader, rotateRoot, keys, remove

    /// The key: a capital, as everything that changes the cluster.
    var letter: Character {
        switch self {
        case .scale: "S"
        case .roll, .rotateRoot: "R"
        case .rollBack: "B"
        case .availability: "D"
        case .promote: "P"
        case .demote: "M"
        case .transferLeader: "T"
        case .keys: "K"
        case .remove: "X"
        }
    }
}

/// Which verbs are possible, and why the others are not.
extension Model {
    /// Why `verb` cannot be asked for here; nil when it can.
    func refusal(of verb: Verb) -> String? {
        let strings = self.strings
        if let obstacle = self.obstacle { return strings.changesAreOff(obstacle) }
        if let several = self.severalRefusal(of: verb) { return several }
        switch verb {
        case .scale, .roll, .rollBack: return self.serviceRefusal(of: verb)
        case .availability:
            guard let node = self.nodeAtHand else { return strings.selectForDrain }
            return node.gone == nil ? nil : strings.isGone(node.name)
        case .promote, .demote:
            guard self.markedNodes.isEmpty else { return nil }
            guard let node = self.nodeAtHand else {
                return strings.selectForRole(isPromotion: verb == .promote)
            }
            if node.gone != nil { return strings.isGone(node.name) }
            guard node.wantsManager == (verb == .promote) else { return nil }
            return strings.hasRole(node.name, isManager: verb == .promote)
        case .transferLeader:
            guard let node = self.nodeAtHand else {
                return strings.selectForLead
            }
            return self.transferRefusal(of: node)
        case .rotateRoot:
            return self.page.place == .certificates ? nil : strings.goToCertificates
        case .keys: return self.cluster.clusterID.isEmpty ? strings.noClusterObject : nil
        case .remove: return self.removalRefusal
        }
    }

    private func serviceRefusal(of verb: Verb) -> String? {
        guard let service = self.serviceAtHand else { return self.strings.selectService(for: verb) }
        return self.refusal(of: verb, service: service)
    }

    /// Why `verb` cannot be asked for this service.
    func refusal(of verb: Verb, service: ServiceRow) -> String? {
        if service.gone != nil { return self.strings.isGone(service.name) }
        switch (verb, service.mode) {
        case (.scale, .replicated), (.roll, .replicated), (.roll, .global): return nil
        case (.scale, _):
            return self.strings.notScalable(service.name, service.mode.name)
        case (.roll, _): return self.strings.isJob(service.name)
        default: return service.previous == nil ? self.strings.hasNoSpecBefore(service.name) : nil
        }
    }

    private var removalRefusal: String? {
        if let service = self.serviceAtHand {
            return service.gone == nil ? nil : self.strings.isGone(service.name)
        }
        guard let node = self.nodeAtHand else { return self.strings.selectForRemoval }
        return self.removalRefusal(of: node)
    }

    /// Why this node cannot be removed.
    func removalRefusal(of node: NodeRow) -> String? {
        if node.gone != nil { return self.strings.isGone(node.name) }
        if node.isManager || node.wantsManager { return self.strings.demoteFirst(node.name) }
        return node.isReady ? self.strings.drainFirst(node.name) : nil
    }

    /// Opens the question of the verbs with the letter; says why it cannot.
    mutating func ask(letter: Character) {
        let verbs = Verb.allCases.filter { $0.letter == letter }
        guard let first = verbs.first else { return }
        guard let verb = verbs.first(where: { self.refusal(of: $0) == nil }) else {
            // Of several the one that suits what is listed tells best why not.
            let suited = self.page.place.listsNodes ? verbs.last : first
            return self.say(self.refusal(of: suited ?? first) ?? "")
        }
        if self.askSeveral(verb) { return }
        switch verb {
        case .scale: self.askScale()
        case .availability: self.askAvailability()
        case .promote: self.ask(.promote)
        case .demote: self.ask(.demote)
        case .transferLeader:
            self.nodeAtHand.map {
                self.dialog = Dialog(PlainQuestion(.transferLeader, $0.name, id: $0.id), of: $0)
            }
        case .rotateRoot: self.openRotation()
        case .keys: self.askKeys()
        case .roll: self.serviceAtHand.map { self.ask(.roll, $0) }
        case .rollBack: self.serviceAtHand.map { self.ask(.rollBack, $0) }
        case .remove:
            if let service = self.serviceAtHand {
                self.ask(.removeService, service)
            } else if let node = self.nodeAtHand {
                self.dialog = Dialog(PlainQuestion(.removeNode, node.name, id: node.id), of: node)
            }
        }
    }

    private mutating func ask(_ kind: PlainQuestion.Kind, _ service: ServiceRow) {
        self.dialog = Dialog(PlainQuestion(kind, service.name, id: service.id), of: service)
    }

    /// `:roll`, `:rollback` and `:rm`: goes to the service, so that what is asked about is seen.
    mutating func command(_ verb: Verb, service name: String) {
        guard let service = self.service(named: name) else { return }
        self.reveal(service.id, in: .services)
        self.ask(letter: verb.letter)
    }

    /// `:rm-node`.
    mutating func command(removeNode name: String) {
        guard let node = self.node(named: name) else { return }
        self.reveal(node.id, in: .nodes)
        self.ask(letter: Verb.remove.letter)
    }

    mutating func reveal(_ id: String, in tab: Tab) {
        if self.pages[0].place.tab == tab { self.pages.removeSubrange(1...) } else { self.show(tab) }
        self.page.filter.text = ""
        self.page.marks = []
        let index = self.rows.firstIndex(of: id) ?? 0
        self.page.cursor = Cursor(id: id, index: index, line: index)
        self.move(by: 0)
    }
}
