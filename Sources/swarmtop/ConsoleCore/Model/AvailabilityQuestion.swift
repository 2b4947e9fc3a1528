import SwarmAPI

/// Whether a node should take tasks.
struct AvailabilityQuestion: Sendable, Equatable {
    var current: SwarmNodeSpec.Availability
    private(set) var wanted: SwarmNodeSpec.Availability

    /// An active node is usually drained, any other made active again.
    init(current: SwarmNodeSpec.Availability, wanted: SwarmNodeSpec.Availability?) {
        self.current = current
        self.wanted = wanted ?? (current == .active ? .drain : .active)
    }

    var isChange: Bool { self.current != self.wanted }

    mutating func take(_ key: Key) {
        let choices: [SwarmNodeSpec.Availability] = [.active, .pause, .drain]
        let position = choices.firstIndex(of: self.wanted) ?? 0
        switch key {
        case .character("a"): self.wanted = .active
        case .character("p"): self.wanted = .pause
        case .character("d"): self.wanted = .drain
        case .down, .right, .tab: self.wanted = choices[(position + 1) % choices.count]
        case .up, .left, .backTab: self.wanted = choices[(position + 2) % choices.count]
        default: break
        }
    }
}
