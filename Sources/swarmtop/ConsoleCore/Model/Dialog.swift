import SwarmAPI

/// A question before a change: it holds the identifier and version of the object that it was opened on.
///
/// Cancel is the default, Enter and Esc cancel, only `y` accepts, and nothing is heard before the
/// question stands on the screen.
struct Dialog: Sendable, Equatable {
    enum Subject: Sendable, Equatable {
        /// The number as it is typed; `fresh` until the first digit, which replaces it.
        case scale(current: UInt64, typed: String, fresh: Bool)
        case availability(current: SwarmNodeSpec.Availability, wanted: SwarmNodeSpec.Availability)
    }

    enum Phase: Sendable, Equatable {
        case asking
        case sending(request: Int)
        /// Somebody changed the object since; it is asked again.
        case conflict(note: String)
        case failed(String)
    }

    /// More digits than any cluster has tasks.
    static let digitLimit = 6

    let id: String
    let name: String
    var version: UInt64
    var subject: Subject
    var phase: Phase = .asking
    var isPainted = false

    init(scale service: ServiceRow, replicas: UInt64, to wanted: UInt64? = nil) {
        self.id = service.id
        self.name = service.name
        self.version = service.version
        self.subject = .scale(current: replicas, typed: "\(wanted ?? replicas)", fresh: wanted == nil)
    }

    init(node: NodeRow, to wanted: SwarmNodeSpec.Availability? = nil) {
        self.id = node.id
        self.name = node.name
        self.version = node.version
        let usual: SwarmNodeSpec.Availability = node.availability == .active ? .drain : .active
        self.subject = .availability(current: node.availability, wanted: wanted ?? usual)
    }

    /// What a key does to the dialog.
    enum Answer: Equatable {
        case stay, cancel, accept
    }

    /// Takes a key; `.accept` means that the change should be asked of the manager.
    mutating func take(_ key: Key) -> Answer {
        switch key {
        case .escape, .enter, .character("n"), .character("q"), .control("c"): return .cancel
        case .character("y"): return self.wish == nil ? .stay : .accept
        default: break
        }
        if case .sending = self.phase { return .stay }
        switch self.subject {
        case .scale(let current, let typed, let fresh):
            self.subject = Self.edited(key, current, typed, fresh)
        case .availability(let current, _):
            if let wanted = Self.chosen(key, self.subject) {
                self.subject = .availability(current: current, wanted: wanted)
            }
        }
        return .stay
    }

    /// What accepting would ask for; nil when that is no change.
    var wish: Wish? {
        if case .sending = self.phase { return nil }
        switch self.subject {
        case .scale(let current, let typed, _):
            guard let replicas = UInt64(typed), replicas != current else { return nil }
            return .replicas(replicas)
        case .availability(let current, let wanted): return current == wanted ? nil : .availability(wanted)
        }
    }

    /// Takes note that the object is now at `version` and already is `now`.
    mutating func conflicted(version: UInt64, now: Wish) {
        self.phase = .conflict(note: "changed meanwhile (version \(self.version) -> \(version))")
        self.version = version
        self.isPainted = false
        switch (self.subject, now) {
        case (.scale(let before, let typed, _), .replicas(let replicas)):
            self.subject = .scale(current: replicas, typed: typed, fresh: true)
            self.phase = .conflict(
                note: "Changed meanwhile by somebody else: replicas \(before) -> \(replicas)"
            )
        case (.availability(let before, let wanted), .availability(let availability)):
            self.subject = .availability(current: availability, wanted: wanted)
            let change = "\(before.word) -> \(availability.word)"
            self.phase = .conflict(note: "Changed meanwhile by somebody else: availability \(change)")
        default: break
        }
    }

    private static func edited(_ key: Key, _ current: UInt64, _ typed: String, _ fresh: Bool) -> Subject {
        let number = UInt64(typed) ?? 0
        switch key {
        case .character(let digit) where ("0"..."9").contains(digit):
            let text = fresh || typed == "0" ? String(digit) : typed + String(digit)
            return .scale(current: current, typed: text.count > Self.digitLimit ? typed : text, fresh: false)
        case .backspace, .delete:
            return .scale(current: current, typed: String(typed.dropLast()), fresh: false)
        case .up, .character("+"):
            let more = "\(number + 1)"
            return .scale(current: current, typed: more.count > Self.digitLimit ? typed : more, fresh: false)
        case .down, .character("-"):
            return .scale(current: current, typed: "\(number > 0 ? number - 1 : 0)", fresh: false)
        default: return .scale(current: current, typed: typed, fresh: fresh)
        }
    }

    private static func chosen(_ key: Key, _ subject: Subject) -> SwarmNodeSpec.Availability? {
        guard case .availability(_, let wanted) = subject else { return nil }
        let choices: [SwarmNodeSpec.Availability] = [.active, .pause, .drain]
        let position = choices.firstIndex(of: wanted) ?? 0
        switch key {
        case .character("a"): return .active
        case .character("p"): return .pause
        case .character("d"): return .drain
        case .down, .right, .tab: return choices[(position + 1) % choices.count]
        case .up, .left, .backTab: return choices[(position + 2) % choices.count]
        default: return nil
        }
    }
}
