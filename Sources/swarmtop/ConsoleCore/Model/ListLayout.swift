/// What is listed: each has its columns, and keeps the operator's choice of them.
enum ListKind: String, Sendable, Hashable, CaseIterable {
    case nodes, services, tasks, history, raft, events, secrets, networks, certificates, text
}

/// How a kind of list is shown.
struct ListLayout: Sendable, Equatable {
    /// The title of the column that the rows are sorted by; nil for the view's own order.
    var sort: String?
    var isReversed = false
    /// The titles of the columns that the operator took out.
    var hidden: Set<String> = []
    /// Every column at its width, however many fit: left and right scroll.
    var isWide = false
    /// How many columns are scrolled out on the left while wide.
    var skipped = 0

    /// Sorts by a column; the same one again turns the order round.
    mutating func sort(by title: String) {
        if self.sort == title {
            self.isReversed.toggle()
        } else {
            (self.sort, self.isReversed) = (title, false)
        }
    }
}

extension Place {
    var kind: ListKind {
        switch self {
        case .nodes: .nodes
        case .services: .services
        case .tasks(.slot): .history
        case .tasks: .tasks
        case .object, .logs: .text
        case .raft: .raft
        case .events: .events
        case .secrets: .secrets
        case .networks: .networks
        case .certificates: .certificates
        }
    }
}

/// Choosing what the list shows, and in which order.
extension Model {
    /// The layout of the list at hand.
    var layout: ListLayout {
        get { self.layouts[self.page.place.kind] ?? ListLayout() }
        set { self.layouts[self.page.place.kind] = newValue }
    }

    /// The columns of the list at hand, those that are hidden too.
    var columns: [Column] { Lists.columns(self.page.place, wide: self.size.columns >= 120) }

    /// `<` and `>`: sorts by the next column that is not hidden.
    mutating func cycleSort(_ step: Int) {
        let titles = self.columns.map(\.id).filter { !self.layout.hidden.contains($0) }
        guard !titles.isEmpty else { return }
        let current = self.layout.sort.flatMap { titles.firstIndex(of: $0) }
        let next =
            current.map { ($0 + step + titles.count) % titles.count } ?? (step > 0 ? 0 : titles.count - 1)
        self.layout.sort = titles[next]
        self.layout.isReversed = false
    }

    /// `w`: all columns at their width, or those that fit.
    mutating func toggleWide() {
        self.layout.isWide.toggle()
        self.layout.skipped = 0
    }

    /// Left and right in a wide list.
    mutating func scroll(columns step: Int) {
        let shown = self.columns.count { !self.layout.hidden.contains($0.id) }
        self.layout.skipped = min(max(0, self.layout.skipped + step), max(0, shown - 2))
    }

    /// The keys of the two pickers: sorting closes its picker, choosing columns does not.
    mutating func pick(_ picker: Picker, _ key: Key) {
        var picker = picker
        let columns = self.columns
        switch key {
        case .up, .character("k"): picker.chosen = max(0, picker.chosen - 1)
        case .down, .character("j"): picker.chosen = min(columns.count - 1, picker.chosen + 1)
        case .enter, .character(" "):
            guard columns.indices.contains(picker.chosen) else { break }
            self.choose(columns[picker.chosen].id, picker.use)
            if picker.use == .sort { return self.mode = .browsing }
        case .character("0"): self.layouts[self.page.place.kind] = nil
        case .escape, .backspace, .character("q"), .character("o"), .character("c"), .control("c"):
            return self.mode = .browsing
        default: break
        }
        self.mode = .picking(picker)
    }

    private mutating func choose(_ title: String, _ use: Picker.Use) {
        switch use {
        case .sort: self.layout.sort(by: title)
        case .columns:
            // The first column names the object: without it a row says nothing.
            guard title != self.columns.first?.id else { return }
            if self.layout.hidden.remove(title) == nil { self.layout.hidden.insert(title) }
        }
    }
}

/// A list of the columns, open over the screen.
struct Picker: Sendable, Equatable {
    enum Use: Sendable, Equatable { case sort, columns }

    let use: Use
    var chosen = 0
}
