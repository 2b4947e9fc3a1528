import Primitives

/// How long a certificate is still good, in words and marks.
struct Expiry: Sendable, Equatable {
    let level: Urgency
    /// "61d", "5h", "12m", "EXPIRED".
    let text: String
    /// When the text or the level changes.
    let until: Timestamp

    init(starts: Timestamp?, ends: Timestamp, now: Timestamp) {
        self.level = Urgency(starts: starts, ends: ends, now: now)
        guard self.level != .expired else {
            (self.text, self.until) = ("EXPIRED", Timestamp(nanoseconds: .max))
            return
        }
        let seconds = (ends - now).wholeNanoseconds / 1_000_000_000
        let (unit, letter): (Int64, String) =
            seconds >= 86_400 ? (86_400, "d") : seconds >= 3600 ? (3600, "h") : (60, "m")
        self.text = "\(seconds / unit)\(letter)"
        let marks = Urgency.marks(life: starts.map { ends - $0 })
        let changes = [.seconds(seconds / unit * unit), marks.soon, marks.critical]
            .map { ends + (.zero - $0) }.filter { $0 > now }
        // Where a unit is just about to end, the next frame is a moment away.
        self.until = changes.min() ?? now + .seconds(1)
    }

    /// The time with marks that need no colour: one for a warning, two when it is critical.
    var marked: String {
        switch self.level {
        case .fine, .expired: self.text
        case .soon: self.text + "!"
        case .critical: self.text + "!!"
        }
    }

    var role: Style.Role {
        switch self.level {
        case .fine: .normal
        case .soon: .waiting
        case .critical, .expired: .bad
        }
    }
}
