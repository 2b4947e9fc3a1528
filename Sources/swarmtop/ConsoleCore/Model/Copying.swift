/// Something of the selected row that can be copied.
struct Copyable: Sendable, Equatable {
    /// The key in the menu.
    var letter: Character
    var title: String
    var text: String
}

/// `Y`: giving the selected row's identifier, name or words to the terminal's clipboard.
extension Model {
    /// What can be copied here; nothing where there is no row.
    var copyables: [Copyable] {
        if case .object(let key) = self.page.place { return self.copyables(key.id, row: nil) }
        guard let id = self.selected else { return [] }
        var painting = Painting(self, Capabilities(utf8: true, colour: false), of: Size(columns: 1, rows: 1))
        let shown = zip(self.columns, Lists.fields(id, &painting))
            .filter { !self.layout.hidden.contains($0.0.id) }
        return self.copyables(id, row: shown.map(\.1.text).joined(separator: "  "))
    }

    private func copyables(_ id: String, row: String?) -> [Copyable] {
        var (id, name) = (id, self.name(of: id))
        if self.page.place == .events, let event = self.cluster.history.newest.first(where: { $0.id == id }) {
            (id, name) = (event.objectID, event.name)
        }
        let all = [
            ("i", "ID", id), ("n", self.strings.copyName, name ?? ""), ("r", self.strings.copyRow, row ?? ""),
        ]
        return all.compactMap { letter, title, text in
            let text = Clipboard.clean(text)
            return text.isEmpty ? nil : Copyable(letter: Character(letter), title: title, text: text)
        }
    }

    private func name(of id: String) -> String? {
        let cluster = self.cluster
        if let task = cluster.tasks[id] { return cluster.taskName(task) }
        return cluster.nodes[id]?.name ?? cluster.services[id]?.name ?? cluster.assets.rows[id]?.name
    }

    mutating func askCopy() {
        guard !self.copyables.isEmpty else { return self.say(self.strings.selectForCopy) }
        self.mode = .copying(0)
    }

    /// The menu's keys: a letter, or Enter for the chosen one.
    mutating func copy(_ chosen: Int, _ key: Key) -> [Effect] {
        let choices = self.copyables
        var taken: Copyable?
        switch key {
        case .up, .character("k"): self.mode = .copying(max(0, chosen - 1))
        case .down, .character("j"): self.mode = .copying(max(0, min(choices.count - 1, chosen + 1)))
        case .enter where choices.indices.contains(chosen): taken = choices[chosen]
        // Twice the same key copies the identifier.
        case .character("Y"): taken = choices.first
        case .character(let letter) where choices.contains { $0.letter == letter }:
            taken = choices.first { $0.letter == letter }
        case .enter, .escape, .backspace, .character("q"): self.mode = .browsing
        default: break
        }
        guard let taken else { return [] }
        self.mode = .browsing
        self.say(self.strings.copied(taken.title, taken.text), .good)
        return [.copy(taken.text)]
    }
}
