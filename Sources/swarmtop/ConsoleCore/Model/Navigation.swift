import SwarmAPI

/// Walking between pages, and opening dialogs.
extension Model {
    /// Shows a tab as it was left; its own key again goes back to the tab's top.
    mutating func show(_ tab: Tab) {
        let current = self.pages[0].place.tab
        if tab == current {
            self.pages.removeSubrange(1...)
            return
        }
        self.left[current] = self.pages[0]
        self.previous = current
        let fresh: Place =
            switch tab {
            case .nodes: .nodes
            case .services: .services
            case .tasks: .tasks(.all)
            case .raft: .raft
            case .events: .events
            case .logs: .logs
            case .secrets: .secrets
            case .networks: .networks
            case .certificates: .certificates
            }
        self.pages = [self.left[tab] ?? Page(fresh)]
        if tab == .logs, self.left[tab] == nil { self.page.pane.follows = true }
    }

    mutating func cycle(_ step: Int) {
        let tabs = Tab.allCases
        let position = tabs.firstIndex(of: self.pages[0].place.tab) ?? 0
        self.show(tabs[(position + step + tabs.count) % tabs.count])
    }

    /// Enter: the tasks of the selected service or node.
    mutating func drill() -> [Effect] {
        guard let id = self.selected else { return [] }
        self.move(by: 0)
        switch self.page.place {
        case .services: self.pages.append(Page(.tasks(.service(id))))
        case .nodes, .certificates: self.pages.append(Page(.tasks(.node(id))))
        case .tasks: return self.inspect(.describe)
        case .events, .secrets, .networks: return self.inspect(.describe)
        case .raft, .object, .logs: break
        }
        return []
    }

    /// `h`: the tasks of the selected one's slot; of a service, of its slot that is in trouble, or its first.
    mutating func openHistory() {
        let task: TaskRow?
        switch self.page.place {
        case .tasks: task = self.selected.flatMap { self.cluster.tasks[$0] }
        case .object(let key) where key.kind == .task: task = self.cluster.tasks[key.id]
        default:
            task = self.serviceAtHand.flatMap { self.cluster.firstTask(of: $0) }
        }
        guard let task else { return self.say(self.strings.selectForHistory) }
        self.move(by: 0)
        if case .tasks(.slot) = self.page.place { return }
        self.pages.append(Page(.tasks(.slot(Slot(task)))))
    }

    /// Left and right in a slot's history: the service's slot before or after.
    mutating func step(slot step: Int) {
        guard case .tasks(.slot(let slot)) = self.page.place else { return }
        var slots: [Slot] = []
        for key in self.cluster.slotOrder.keys {
            guard let task = self.cluster.tasks[key.id], task.serviceID == slot.serviceID else { continue }
            if slots.last != Slot(task), !slots.contains(Slot(task)) { slots.append(Slot(task)) }
        }
        guard let position = slots.firstIndex(of: slot), slots.indices.contains(position + step) else {
            return
        }
        self.pages[self.pages.count - 1] = Page(.tasks(.slot(slots[position + step])))
    }

    /// Esc: takes marks and the filter away, then goes up; it never quits.
    mutating func rise() {
        if !self.page.marks.isEmpty {
            self.page.marks = []
        } else if self.page.level != nil {
            self.page.level = nil
        } else if self.page.stage != nil {
            self.page.stage = nil
        } else if !self.page.pane.query.isEmpty {
            self.page.pane.query = ""
            self.page.pane.hit = nil
        } else if !self.page.filter.text.isEmpty {
            self.page.filter.text = ""
        } else if self.pages.count > 1 {
            self.pages.removeLast()
        }
    }

    /// Chooses a box of the life-cycle picture as the list's filter.
    mutating func choose(stage step: Int) {
        guard case .tasks = self.page.place, self.page.place.kind == .tasks else { return }
        let stages = Stage.allCases.filter { $0 != .remove }
        guard let stage = self.page.stage, let position = stages.firstIndex(of: stage) else {
            self.page.stage = step > 0 ? stages.first : stages.last
            return
        }
        let next = position + step
        self.page.stage = stages.indices.contains(next) ? stages[next] : nil
    }

    /// Left and right among events: only those of a level, or worse.
    mutating func choose(level step: Int) {
        guard self.page.place == .events else { return }
        let levels: [ClusterEvent.Level?] = [nil] + ClusterEvent.Level.allCases.dropFirst().map { $0 }
        let position = levels.firstIndex(of: self.page.level) ?? 0
        self.page.level = levels[min(max(0, position + step), levels.count - 1)]
    }

    mutating func cycleMap() {
        guard case .tasks = self.page.place else { return }
        let modes: [MapMode] =
            Layout.fitsFull(self.size) ? [.full, .compact, .line, .off] : [.compact, .line, .off]
        let current = modes.firstIndex(of: Layout.mapMode(self)) ?? 0
        self.map = modes[(current + 1) % modes.count]
    }

    /// The service that `S` means here: the selected one, or the one whose tasks are shown.
    var serviceAtHand: ServiceRow? {
        switch self.page.place {
        case .services: return self.selected.flatMap { self.cluster.services[$0] }
        case .tasks(.service(let id)): return self.cluster.services[id]
        case .tasks(.slot(let slot)): return self.cluster.services[slot.serviceID]
        case .object(let key):
            let id = key.kind == .task ? self.cluster.tasks[key.id]?.serviceID ?? "" : key.id
            return self.cluster.services[id]
        case .tasks:
            let task = self.selected.flatMap { self.cluster.tasks[$0] }
            return task.flatMap { self.cluster.services[$0.serviceID] }
        case .networks:
            return self.cluster.ports.first { $0.id == self.selected }
                .flatMap { self.cluster.services[$0.serviceID] }
        case .nodes, .raft, .events, .logs, .secrets, .certificates: return nil
        }
    }

    /// The node that `D`, `P` and `M` mean here.
    var nodeAtHand: NodeRow? {
        switch self.page.place {
        case .nodes, .raft, .certificates: self.selected.flatMap { self.cluster.nodes[$0] }
        case .tasks(.node(let id)): self.cluster.nodes[id]
        case .object(let key): self.cluster.nodes[key.id]
        case .tasks, .services, .events, .logs, .secrets, .networks: nil
        }
    }

    mutating func askScale() {
        guard let service = self.serviceAtHand else {
            return self.say(self.strings.selectService(for: .scale))
        }
        self.ask(scale: service, to: nil)
    }

    mutating func askAvailability() {
        guard let node = self.nodeAtHand else { return self.say(self.strings.selectForDrain) }
        self.ask(node: node, to: nil)
    }

    mutating func ask(scale service: ServiceRow, to wanted: UInt64?) {
        if let obstacle = self.obstacle { return self.say(self.strings.changesAreOff(obstacle)) }
        guard service.gone == nil else { return self.say(self.strings.isGone(service.name)) }
        guard case .replicated(let replicas) = service.mode else {
            return self.say(self.strings.notScalable(service.name, service.mode.name))
        }
        self.dialog = Dialog(scale: service, replicas: replicas, to: wanted)
    }

    mutating func ask(node: NodeRow, to wanted: SwarmNodeSpec.Availability?) {
        if let obstacle = self.obstacle { return self.say(self.strings.changesAreOff(obstacle)) }
        guard node.gone == nil else { return self.say(self.strings.isGone(node.name)) }
        self.dialog = Dialog(node: node, to: wanted)
    }

    /// Performs a `:` command; verbs open their dialog.
    mutating func perform(_ command: String) -> [Effect] {
        self.note(command: command)
        let words = CommandWords.normalized(command.split(separator: " ").map(String.init))
        switch (words.first, words.count) {
        case (nil, _): break
        case ("q", 1), ("quit", 1): return [.quit]
        case ("nodes", 1), ("no", 1): self.show(.nodes)
        case ("services", 1), ("svc", 1): self.show(.services)
        case ("tasks", 1): self.show(.tasks)
        case ("raft", 1): self.show(.raft)
        case ("ps", 2), ("logs", 2), ("describe", 2), ("edit", 2): return self.command(words[0], on: words[1])
        case ("logs", 1): self.show(.logs)
        case ("events", 1): self.show(.events)
        case ("secrets", 1), ("configs", 1): self.show(.secrets)
        case ("networks", 1), ("ports", 1): self.show(.networks)
        case ("certs", 1), ("certificates", 1): self.show(.certificates)
        case ("jobs", 1): self.mode = .jobs(top: 0)
        case ("undo", 1): self.takeBack()
        case ("help", 1): self.mode = .help(top: 0)
        case ("scale", 2), ("scale", 3): self.command(scale: words[1], words.count > 2 ? words[2] : nil)
        case ("drain", 2): self.command(node: words[1], .drain)
        case ("pause", 2): self.command(node: words[1], .pause)
        case ("activate", 2): self.command(node: words[1], .active)
        case ("promote", 2...): self.command(.promote, Array(words.dropFirst()))
        case ("demote", 2...): self.command(.demote, Array(words.dropFirst()))
        case ("rotate", 2) where words[1] == "ca": self.openRotation()
        case ("roll", 2): self.command(.roll, service: words[1])
        case ("rollback", 2): self.command(.rollBack, service: words[1])
        case ("rm", 2): self.command(.remove, service: words[1])
        case ("rm-node", 2): self.command(removeNode: words[1])
        case ("tokens", 1), ("keys", 1): self.askKeys()
        case ("transfer-leader", 2): self.command(transferLeader: words[1])
        case ("theme", 2): self.command(theme: words[1])
        default:
            self.say(self.strings.noCommand(command))
        }
        return []
    }

    private mutating func command(theme name: String) {
        guard let theme = Theme(named: name) else {
            return self.say(self.strings.noTheme(name))
        }
        self.theme = theme
    }

    private mutating func command(scale name: String, _ number: String?) {
        guard let service = self.service(named: name) else { return }
        if let number {
            guard number.count <= ScaleQuestion.digitLimit, let replicas = UInt64(number) else {
                return self.say(self.strings.noNumber(number))
            }
            self.ask(scale: service, to: replicas)
        } else {
            self.ask(scale: service, to: nil)
        }
    }

    /// The service with this name or identifier; says so where there is none.
    mutating func service(named name: String) -> ServiceRow? {
        let services = self.cluster.serviceOrder.keys.compactMap { self.cluster.services[$0.id] }
        let service = services.first { $0.name == name || $0.id == name }
        if service == nil { self.say(self.strings.noService(named: name)) }
        return service
    }

    private mutating func command(node name: String, _ wanted: SwarmNodeSpec.Availability) {
        if let node = self.node(named: name) { self.ask(node: node, to: wanted) }
    }

    /// The one node with this name or identifier; says so where there is none, or more.
    mutating func node(named name: String) -> NodeRow? {
        let matches = self.cluster.nodeOrder.keys.compactMap { self.cluster.nodes[$0.id] }
            .filter { $0.name == name || $0.id == name }
        guard matches.count == 1 else {
            self.say(
                matches.isEmpty
                    ? self.strings.noNode(named: name) : self.strings.manyNodes(named: name)
            )
            return nil
        }
        return matches[0]
    }
}
