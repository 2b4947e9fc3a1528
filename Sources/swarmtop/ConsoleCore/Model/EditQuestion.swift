import SwarmAPI

/// A spec that the operator has edited, with what would change.
struct EditQuestion: Sendable, Equatable {
    /// The object as it was when the editor was opened.
    let object: SwarmObject
    let key: ObjectKey
    let before: String
    let after: String
    let diff: [TextLine]
    /// Why it cannot be asked for; nil where it can.
    var refusal: String?
    /// The first line of the difference on the screen.
    private(set) var top = 0

    init(_ object: SwarmObject, _ key: ObjectKey, before: String, after: String, _ strings: Strings) {
        (self.object, self.key, self.before, self.after) = (object, key, before, after)
        self.diff = TextDiff.lines(before, after)
        do throws(SpecText.Mistake) {
            let changed = try SpecText.apply(after, to: object, in: strings.language)
            if changed == object { self.refusal = strings.changesNothing }
        } catch {
            self.refusal = error.text
        }
    }

    var isReady: Bool { self.refusal == nil }

    /// Takes a key; returns whether the text is to be edited again.
    mutating func take(_ key: Key) -> Bool {
        switch key {
        case .down, .character("j"): self.top = min(self.top + 1, max(0, self.diff.count - 1))
        case .up, .character("k"): self.top = max(0, self.top - 1)
        case .character("e"): return true
        default: break
        }
        return false
    }
}

/// Editing a spec.
extension Model {
    /// `e`: fetches the selected object, to edit what it should be.
    mutating func edit() -> [Effect] {
        if let obstacle = self.obstacle {
            self.say(self.strings.changesAreOff(obstacle))
            return []
        }
        guard let key = self.objectAtHand, key.kind == .service || key.kind == .node else {
            self.say(self.strings.selectForEdit)
            return []
        }
        let request = self.lastRequest + 1
        self.lastRequest = request
        self.editing = (request, nil)
        return [.inspect(request: request, object: key)]
    }

    /// Takes the object that is to be edited; returns nil where it was asked for otherwise.
    mutating func editable(_ request: Int, _ outcome: RequestOutcome) -> [Effect]? {
        guard self.editing?.request == request else { return nil }
        guard case .object(let object) = outcome, let text = SpecText.text(of: object) else {
            self.editing = nil
            if case .failed(let words) = outcome { self.say(self.strings.cannotBeEdited(words), .bad) }
            return []
        }
        // Whoever opened something else meanwhile is not to find an editor in its place.
        guard self.dialog == nil, self.mode == .browsing else {
            self.editing = nil
            return []
        }
        self.editing = (request, object)
        return [.openEditor(request: request, text: text)]
    }

    /// The dialog's `e`: the text once more, as it was left.
    mutating func editAgain(_ question: EditQuestion) -> [Effect] {
        self.dialog = nil
        let request = self.lastRequest + 1
        self.lastRequest = request
        self.editing = (request, question.object)
        return [.openEditor(request: request, text: question.after)]
    }

    /// Takes what the editor left; nil words mean that it could not be run or gave nothing.
    mutating func edited(_ request: Int, _ text: String?, _ failure: String) {
        guard let (number, object) = self.editing, number == request, let object else { return }
        self.editing = nil
        guard let text else { return self.say(self.strings.notEdited(failure), .bad) }
        guard let (key, version) = object.identity, let before = SpecText.text(of: object) else { return }
        guard text != before else { return self.say(self.strings.notChanged, .muted) }
        let question = EditQuestion(object, key, before: before, after: text, self.strings)
        let name = self.cluster.services[key.id]?.name ?? self.cluster.nodes[key.id]?.name ?? key.id
        self.dialog = Dialog(question, name, version: version)
    }
}
