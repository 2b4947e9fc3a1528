/// How many replicas a service should have.
struct ScaleQuestion: Sendable, Equatable {
    /// More digits than any cluster has tasks.
    static let digitLimit = 6

    private(set) var current: UInt64
    private(set) var typed: String
    /// Until the first digit, which replaces the number.
    private var fresh: Bool

    init(current: UInt64, wanted: UInt64?) {
        self.current = current
        self.typed = "\(wanted ?? current)"
        self.fresh = wanted == nil
    }

    /// The same wish for another service.
    func applied(to current: UInt64) -> Self {
        var question = self
        question.current = current
        return question
    }

    /// The number to ask for; nil when that is no change.
    var replicas: UInt64? { UInt64(self.typed).flatMap { $0 == self.current ? nil : $0 } }

    mutating func take(_ key: Key) {
        let number = UInt64(self.typed) ?? 0
        switch key {
        case .character(let digit) where ("0"..."9").contains(digit):
            let text = self.fresh || self.typed == "0" ? String(digit) : self.typed + String(digit)
            self.type(text.count > Self.digitLimit ? self.typed : text)
        case .backspace, .delete: self.type(String(self.typed.dropLast()))
        case .up, .character("+"):
            let more = "\(number + 1)"
            self.type(more.count > Self.digitLimit ? self.typed : more)
        case .down, .character("-"): self.type("\(number > 0 ? number - 1 : 0)")
        default: break
        }
    }

    /// Somebody else set `replicas` meanwhile.
    mutating func conflicted(_ replicas: UInt64) { (self.current, self.fresh) = (replicas, true) }

    private mutating func type(_ text: String) { (self.typed, self.fresh) = (text, false) }
}
