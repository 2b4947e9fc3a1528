/// A line of a text, with its meaning.
struct TextLine: Sendable, Equatable {
    var text: String
    var role: Style.Role
    /// How far a line that is broken goes in.
    var indent = 0

    init(_ text: String, _ role: Style.Role = .normal, indent: Int = 0) {
        self.text = text
        self.role = role
        self.indent = indent
    }
}

/// Where a reader of a text is, and what is looked for in it.
struct TextPane: Sendable, Equatable {
    /// How many columns left and right move.
    private static let sideStep = 8

    var top = 0
    var left = 0
    var query = ""
    /// The line of the last hit.
    var hit: Int?
    /// The end is shown, and goes on with what comes.
    var follows = false
    /// How many lines there had been when the reader stopped following.
    var seen = 0

    init(query: String = "") { self.query = query }

    /// Moves as `key` says in a text of `count` lines of which `height` are seen; returns whether it did.
    mutating func move(_ key: Key, count: Int, height: Int) -> Bool {
        let last = max(0, count - height)
        let page = max(1, height - 1)
        if self.follows { self.top = last }
        switch key {
        case .up, .character("k"): self.top = max(0, min(self.top, last) - 1)
        case .down, .character("j"): self.top = min(last, self.top + 1)
        case .pageUp: self.top = max(0, min(self.top, last) - page)
        case .pageDown, .character(" "): self.top = min(last, self.top + page)
        case .home, .character("g"): self.top = 0
        case .end, .character("G"): self.top = last
        case .left: self.left = max(0, self.left - Self.sideStep)
        case .right: self.left += Self.sideStep
        default: return false
        }
        return true
    }

    /// The first line that is shown.
    func first(of count: Int, height: Int) -> Int {
        let last = max(0, count - height)
        return self.follows ? last : min(self.top, last)
    }

    /// The oldest `count` lines have gone.
    mutating func drop(_ count: Int) {
        self.top = max(0, self.top - count)
        self.hit = self.hit.flatMap { $0 >= count ? $0 - count : nil }
    }

    /// Goes to the next line from `start` on that holds what is looked for; returns false where there is none.
    @discardableResult
    mutating func find(_ texts: [String], from start: Int, step: Int, height: Int) -> Bool {
        guard !self.query.isEmpty, !texts.isEmpty else {
            self.hit = nil
            return false
        }
        let needle = self.query.lowercased()
        for offset in texts.indices {
            let line = ((start + offset * step) % texts.count + texts.count) % texts.count
            guard texts[line].lowercased().contains(needle) else { continue }
            self.hit = line
            if !(self.top..<(self.top + height)).contains(line) {
                self.top = min(max(0, line - height / 2), max(0, texts.count - height))
            }
            return true
        }
        self.hit = nil
        return false
    }
}

/// Reading a page of text.
extension Model {
    /// The lines of the page at hand; none where it is a list.
    var lines: [TextLine] {
        if self.page.place == .logs { return self.logLines }
        guard let inspection = self.page.inspection else { return [] }
        let lines = inspection.lines(self)
        // What a person reads is never cut; what a program reads keeps its lines.
        return inspection.form == .describe ? TextView.wrapped(lines, width: self.size.columns - 2) : lines
    }

    /// A key of a page of text; returns whether it meant the text.
    mutating func read(_ key: Key) -> Bool {
        guard self.page.place.isText else { return false }
        let lines = self.lines
        let height = Layout(self).text.count
        switch key {
        case .character("n"), .character("N"):
            guard !self.page.pane.query.isEmpty else {
                self.say(self.strings.searchHelp, .muted)
                return true
            }
            self.search(step: key == .character("n") ? 1 : -1, isNext: true)
            return true
        default: break
        }
        let before = self.page.pane
        guard self.page.pane.move(key, count: lines.count, height: height) else { return false }
        guard self.page.place == .logs else { return true }
        // Whoever goes up wants to read: what comes meanwhile does not move the page.
        if key == .end || key == .character("G") {
            self.page.pane.follows = true
        } else if before.follows, self.page.pane.top < before.first(of: lines.count, height: height) {
            self.pause()
        }
        return true
    }

    private mutating func pause() {
        self.page.pane.follows = false
        self.page.pane.seen = self.logs?.total ?? 0
    }

    /// Looks for the query: the next hit, or the one that is on the screen while it is being typed.
    mutating func search(step: Int = 1, isNext: Bool = false) {
        let texts = self.lines.map(\.text)
        if self.page.pane.follows {
            self.page.pane.top = self.page.pane.first(of: texts.count, height: Layout(self).text.count)
            self.pause()
        }
        let pane = self.page.pane
        let start = isNext ? (pane.hit ?? pane.top - step) + step : pane.hit ?? pane.top
        let found = self.page.pane.find(texts, from: start, step: step, height: Layout(self).text.count)
        if !found, isNext { self.say(self.strings.notHere(pane.query), .muted) }
    }
}
