package import Primitives
import SwarmAPI

/// The console as lines of words, for those who hear the screen: what changed, what is asked, what a list holds.
package struct ReaderText: Sendable {
    /// How many events are told at once; the rest is counted.
    private static let eventLimit = 20

    /// Large enough for every list that is read to its end.
    private static let paper = Size(columns: 110, rows: 300)

    private var link = ""
    private var health = ""
    private var told: UInt64 = 0
    private var flash = ""
    private var question: [String] = []
    private var place: Place?

    package init() {}

    /// What is to be said now that has not been said yet.
    package mutating func lines(_ model: Model) -> [String] {
        var lines: [String] = []
        let link = Self.link(model)
        if link != self.link { lines.append(link) }
        self.link = link
        if model.hasData {
            let health = Self.health(model)
            if health != self.health { lines.append(health) }
            self.health = health
        }
        lines += self.events(model)
        let flash = model.flash?.text ?? ""
        if flash != self.flash, !flash.isEmpty { lines.append(flash) }
        self.flash = flash
        lines += self.page(model)
        lines += self.dialog(model)
        return lines.map(Self.clean)
    }

    private static func link(_ model: Model) -> String {
        if model.isReplay { return model.strings.replaying }
        switch model.link {
        case .connecting: return model.strings.readerConnecting(to: model.socket)
        case .live: return model.strings.connected
        case .stale(_, let reason): return model.strings.readerStale(reason)
        }
    }

    private static func health(_ model: Model) -> String {
        model.strings.health(Health(model.cluster), failed: model.cluster.total[.failed])
    }

    private mutating func events(_ model: Model) -> [String] {
        let ring = model.live.history
        let count = Int(clamping: ring.total - min(ring.total, self.told))
        self.told = ring.total
        guard count > 0 else { return [] }
        let notable = ring.newest.prefix(count).filter { $0.level > .detail || count <= Self.eventLimit }
        var lines = notable.prefix(Self.eventLimit).reversed().map { event in
            let warning = event.level >= .warning ? "\(model.strings.level(event.level)) " : ""
            return "\(warning)\(event.kind) \(event.name): \(event.text)"
        }
        let rest = count - lines.count
        if rest > 0 { lines.append(model.strings.moreChanges(rest)) }
        return lines
    }

    /// The list that a command led to.
    private mutating func page(_ model: Model) -> [String] {
        let place = model.page.place
        defer { self.place = place }
        // What the console opens with is not read out before it is asked for.
        guard let before = self.place, before != place else { return [] }
        return Self.list(model)
    }

    /// The rows of the list or the lines of the text that stands open.
    package static func list(_ model: Model) -> [String] {
        var model = model
        (model.dialog, model.mode, model.map) = (nil, .browsing, .off)
        model.resize(to: Self.paper)
        // Without the header, the tabs and the keys, which have no meaning here.
        let layout = Layout(model)
        let rows = model.page.place.isText ? layout.text : layout.heads..<layout.body.upperBound
        return view(model, model.size, Capabilities(utf8: true, colour: false)).lines[rows]
            .map { String($0.reversed().drop { $0 == " " }.reversed()) }.filter { !$0.isEmpty }
    }

    private mutating func dialog(_ model: Model) -> [String] {
        guard let dialog = model.dialog else {
            self.question = []
            return []
        }
        let question = DialogView.words(dialog, model)
        guard question != self.question else { return [] }
        self.question = question
        return question + [Self.answers(dialog, model.strings)]
    }

    private static func answers(_ dialog: Dialog, _ strings: Strings) -> String {
        if case .sending = dialog.phase { return strings.readerAsking }
        if let name = dialog.confirmation { return strings.typeOrNo(name.wanted) }
        switch dialog.subject {
        case .scale: return strings.answerScale
        case .availability: return strings.answerAvailability
        default: return strings.answer
        }
    }

    /// The text without what a terminal would take for a command.
    private static func clean(_ text: String) -> String {
        DisplayWidth.cells(text, utf8: true, style: .normal).map(\.text).joined()
    }
}

/// Typed lines.
extension Model {
    /// A question stands open.
    package var isAsking: Bool { self.dialog != nil }

    /// Takes a whole line: the answer to the open question, else a command, with or without `:`.
    package mutating func take(line text: String, now: Timestamp) -> [Effect] {
        let line = text.trimmed
        if self.dialog != nil { return self.answer(line, now: now) }
        guard !line.isEmpty else { return [] }
        var effects: [Effect] = []
        for key in [Key.escape, .character(":")] { effects += update(&self, .key(key), now: now) }
        let words = line.hasPrefix(":") ? String(line.dropFirst()) : line
        for character in words { effects += update(&self, .key(.character(character)), now: now) }
        return effects + update(&self, .key(.enter), now: now)
    }

    private mutating func answer(_ line: String, now: Timestamp) -> [Effect] {
        // Whoever answers has heard the question.
        _ = update(&self, .painted, now: now)
        let word = line.lowercased()
        var keys: [Key] = []
        if ["no", "n", "cancel", ""].contains(word) {
            keys = [.escape]
        } else if let name = self.dialog?.confirmation {
            keys = name.typed.map { _ in .backspace } + line.map { .character($0) } + [.control("x")]
        } else if ["yes", "y"].contains(word) {
            keys = [.character("y")]
        } else if line.allSatisfy(\.isNumber), case .scale? = self.dialog?.subject {
            // What stands in the field goes first.
            keys = line.isEmpty ? [] : Array(repeating: .backspace, count: ScaleQuestion.digitLimit)
            keys += line.map { .character($0) }
        } else if let letter = ["activate": "a", "pause": "p", "drain": "d"][word] {
            keys = letter.map { .character($0) }
        } else {
            self.say(self.strings.noAnswer(line))
        }
        return keys.flatMap { key in update(&self, .key(key), now: now) + update(&self, .painted, now: now) }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(self.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
