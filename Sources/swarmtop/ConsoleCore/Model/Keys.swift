import Primitives
import SwarmAPI

typealias SwarmWatchEvent = SwarmWatchMessage.Event

extension SwarmWatchMessage.Event {
    /// It tells that the object `id` is gone.
    func removes(_ id: String) -> Bool {
        switch self.object.object {
        case .task(let task): task.id == id
        case .service(let service): service.id == id
        case .node(let node): node.id == id
        default: self.object.identity?.key.id == id
        }
    }
}

/// What keys do.
extension Model {
    mutating func take(_ key: Key) -> [Effect] {
        if key == .control("l") { return [.redraw] }
        if key == .control("z") { return [.suspend] }
        if case .mouse(let mouse) = key { return self.take(mouse) }
        if self.dialog != nil { return self.takeInDialog(key) }
        if key == .control("c") { return self.interrupt() }
        guard let key = self.isTyping ? key : self.keys.meaning(of: key) else { return [] }
        switch self.mode {
        case .browsing: return self.browse(key)
        case .filtering: self.edit(filter: key)
        case .command(let text): return self.edit(command: text, key)
        case .help(let top):
            let last = self.scroll(top, of: HelpView.lines(self).count, key)
            self.mode = last.map { .help(top: $0) } ?? .browsing
        case .jobs(let top):
            let last = self.scroll(top, of: JobsView.lines(self).count, key)
            self.mode = last.map { .jobs(top: $0) } ?? .browsing
        case .menu(let chosen): self.choose(inMenu: chosen, key)
        case .picking(let picker): self.pick(picker, key)
        case .copying(let chosen): return self.copy(chosen, key)
        }
        return []
    }

    /// Letters are text, not keys.
    private var isTyping: Bool {
        if case .command = self.mode { return true }
        return self.mode == .filtering
    }

    private mutating func takeInDialog(_ key: Key) -> [Effect] {
        guard var dialog = self.dialog, dialog.isPainted else { return [] }
        let answer = dialog.take(key)
        self.dialog = dialog
        switch answer {
        case .stay: return []
        case .cancel:
            self.dialog = nil
            return []
        case .accept: return self.send(dialog)
        case .fetch: return self.fetchKeys(dialog)
        case .edit:
            guard case .edit(let question) = dialog.subject else { return [] }
            return self.editAgain(question)
        }
    }

    private mutating func send(_ dialog: Dialog) -> [Effect] {
        if let obstacle = self.obstacle {
            self.dialog?.phase = .failed(obstacle)
            return []
        }
        guard let effect = dialog.effect(self.lastRequest + 1) else { return [] }
        self.lastRequest += 1
        self.dialog?.phase = .sending(request: self.lastRequest)
        return [effect]
    }

    /// Fetches the secrets that the dialog is to show.
    private mutating func fetchKeys(_ dialog: Dialog) -> [Effect] {
        guard case .keys(var question) = dialog.subject else { return [] }
        if let obstacle = self.obstacle {
            self.dialog?.phase = .failed(obstacle)
            return []
        }
        self.lastRequest += 1
        question.fetching = self.lastRequest
        self.fetches.insert(self.lastRequest)
        self.dialog?.phase = .asking
        self.dialog?.subject = .keys(question)
        return [.readKeys(request: self.lastRequest, clusterID: dialog.id)]
    }

    /// Ctrl-C cancels; a second one within two seconds quits.
    private mutating func interrupt() -> [Effect] {
        if let last = self.interrupted, self.now - last < .seconds(2) { return [.quit] }
        self.interrupted = self.now
        self.mode = .browsing
        self.say(self.strings.interruptAgain, .muted)
        return []
    }

    private mutating func browse(_ key: Key) -> [Effect] {
        if self.read(key) { return [] }
        switch key {
        case .up, .character("k"): self.move(by: -1)
        case .down, .character("j"): self.move(by: 1)
        case .pageUp: self.move(by: -max(1, Layout(self).body.count - 1))
        case .pageDown: self.move(by: max(1, Layout(self).body.count - 1))
        case .home, .character("g"): self.move(by: -self.rowTotal)
        case .end, .character("G"): self.move(by: self.rowTotal)
        case .left: self.step(-1)
        case .right: self.step(1)
        case .enter: return self.drill()
        case .escape, .backspace: self.rise()
        case .tab: self.cycle(1)
        case .backTab: self.cycle(-1)
        case .function(1): self.mode = .help(top: 0)
        case .character(let letter): return self.browse(letter: letter)
        default: break
        }
        return []
    }

    private mutating func browse(letter: Character) -> [Effect] {
        switch letter {
        case "1"..."9": if let tab = letter.wholeNumberValue.flatMap(Tab.init) { self.show(tab) }
        case "-": if let previous = self.previous { self.show(previous) }
        case "/": self.mode = .filtering
        case ":": self.mode = .command("")
        case "?": self.mode = .help(top: 0)
        case "m": self.cycleMap()
        case "u": self.takeBack()
        case "z": self.mode = .jobs(top: 0)
        case "a": self.mode = .menu(0)
        case "p", "Z": self.freeze()
        case "L": self.lock()
        case "d": return self.inspect(.describe)
        case "y": return self.inspect(.yaml)
        case "e": return self.edit()
        case "l": return self.openLogs()
        case "h": self.openHistory()
        case "t": return self.place(.services, .nodes) ? self.drill() : []
        case "o": self.mode = .picking(Picker(use: .sort))
        case "c": self.mode = .picking(Picker(use: .columns))
        case "O": self.layout.isReversed.toggle()
        case "<": self.cycleSort(-1)
        case ">": self.cycleSort(1)
        case "w": self.toggleWide()
        case "Y": self.askCopy()
        case "S", "D", "P", "M", "T", "R", "B", "K", "X": self.ask(letter: letter)
        case " ": self.mark()
        case "v": self.markRange()
        case "*": self.markAll()
        case "U": self.page.marks = []
        case "q":
            if self.pages.count == 1 { return [.quit] }
            self.say(self.strings.escGoesUp, .muted)
        default: break
        }
        return []
    }

    /// Left and right: the columns of a wide list, else the boxes of the life-cycle picture.
    private mutating func step(_ step: Int) {
        if self.layout.isWide {
            self.scroll(columns: step)
        } else {
            self.choose(stage: step)
            self.choose(level: step)
            self.step(slot: step)
        }
    }

    private func place(_ places: Place...) -> Bool { places.contains(self.page.place) }

    /// In the menu a letter or Enter only opens the question, which stands before every change.
    private mutating func choose(inMenu chosen: Int, _ key: Key) {
        let verbs = Verb.allCases
        switch key {
        case .up, .character("k"): self.mode = .menu(max(0, chosen - 1))
        case .down, .character("j"): self.mode = .menu(min(verbs.count - 1, chosen + 1))
        case .enter:
            self.mode = .browsing
            if let refusal = self.refusal(of: verbs[chosen]) { return self.say(refusal) }
            self.ask(letter: verbs[chosen].letter)
        case .character(let letter) where verbs.contains { $0.letter == letter }:
            self.mode = .browsing
            self.ask(letter: letter)
        case .escape, .backspace, .character("a"), .character("q"): self.mode = .browsing
        default: break
        }
    }

    private mutating func edit(filter key: Key) {
        if self.page.place.isText { return self.edit(search: key) }
        let text = self.page.filter.text
        switch key {
        case .enter: self.mode = .browsing
        case .escape:
            self.page.filter.text = ""
            self.mode = .browsing
        case .backspace where text.isEmpty: self.mode = .browsing
        case .backspace: self.page.filter.text = String(text.dropLast())
        case .control("u"): self.page.filter.text = ""
        case .character(let character): self.page.filter.text = Self.typed(text, String(character))
        case .paste(let paste): self.page.filter.text = Self.typed(text, paste)
        case .up: self.move(by: -1)
        case .down: self.move(by: 1)
        default: break
        }
    }

    /// In a text `/` looks for words instead of taking rows away.
    private mutating func edit(search key: Key) {
        let text = self.page.pane.query
        switch key {
        case .enter: self.mode = .browsing
        case .escape:
            self.page.pane.query = ""
            self.mode = .browsing
        case .backspace where text.isEmpty: self.mode = .browsing
        case .backspace: self.page.pane.query = String(text.dropLast())
        case .control("u"): self.page.pane.query = ""
        case .character(let character): self.page.pane.query = Self.typed(text, String(character))
        case .paste(let paste): self.page.pane.query = Self.typed(text, paste)
        default: break
        }
        if self.page.pane.query != text { self.search() }
    }

    private mutating func edit(command text: String, _ key: Key) -> [Effect] {
        switch key {
        case .enter:
            self.mode = .browsing
            return self.perform(text)
        case .escape:
            self.recalled = nil
            self.mode = .browsing
        case .tab: self.complete(text)
        case .up: self.recall(-1, from: text)
        case .down: self.recall(1, from: text)
        case .backspace where text.isEmpty: self.mode = .browsing
        case .backspace: self.mode = .command(String(text.dropLast()))
        case .control("u"): self.mode = .command("")
        case .character(let character): self.mode = .command(Self.typed(text, String(character)))
        default: break
        }
        return []
    }

    /// Text with more typed to it: one line, bounded.
    private static func typed(_ text: String, _ more: String) -> String {
        String((text + more.filter { !$0.isNewline }).prefix(Filter.textLimit))
    }

    /// Where a text of so many lines stands after a key; nil when the key closes it.
    private func scroll(_ top: Int, of lines: Int, _ key: Key) -> Int? {
        let page = max(1, self.size.rows - 3)
        let last = max(0, lines - page)
        switch key {
        case .up, .character("k"): return max(0, top - 1)
        case .down, .character("j"): return min(last, top + 1)
        case .pageUp: return max(0, top - page)
        case .pageDown, .character(" "): return min(last, top + page)
        case .home, .character("g"): return 0
        case .end, .character("G"): return last
        case .escape, .enter, .character("?"), .character("q"), .character("z"), .function(1), .backspace:
            return nil
        default: return top
        }
    }
}
