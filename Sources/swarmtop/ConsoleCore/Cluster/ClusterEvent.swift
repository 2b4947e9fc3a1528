import Primitives

/// Something that happened to an object while the console looked on.
struct ClusterEvent: Sendable, Equatable {
    /// How much it concerns the operator.
    enum Level: Int, Sendable, CaseIterable, Comparable {
        case detail, notice, warning, bad

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        var word: String {
            switch self {
            case .detail: "detail"
            case .notice: "notice"
            case .warning: "WARN"
            case .bad: "BAD"
            }
        }

        var role: Style.Role {
            switch self {
            case .detail: .muted
            case .notice: .normal
            case .warning: .waiting
            case .bad: .bad
            }
        }
    }

    /// Counts from 0 and never comes again.
    var number: UInt64
    var at: Timestamp
    /// "task", "service", "node", "network", "secret", "config", "cluster", "raft".
    var kind: String
    /// The object's identifier, to look at it.
    var objectID: String
    var name: String
    var text: String
    var level: Level

    var id: String { "event-\(self.number)" }
}

/// The newest events; what is older has gone.
struct EventRing: Sendable {
    static let limit = 2000

    private var events: [ClusterEvent] = []
    /// Where the oldest is, once the ring is full.
    private var start = 0
    /// How many there ever were.
    private(set) var total: UInt64 = 0

    mutating func add(
        _ kind: String,
        _ objectID: String,
        _ name: String,
        _ text: String,
        _ level: ClusterEvent.Level,
        at: Timestamp
    ) {
        let event = ClusterEvent(
            number: self.total,
            at: at,
            kind: kind,
            objectID: objectID,
            name: name,
            text: text,
            level: level
        )
        self.total += 1
        guard self.events.count == Self.limit else { return self.events.append(event) }
        self.events[self.start] = event
        self.start = (self.start + 1) % Self.limit
    }

    var count: Int { self.events.count }

    /// The newest first.
    var newest: [ClusterEvent] { (self.events[self.start...] + self.events[..<self.start]).reversed() }

    subscript(id: String) -> ClusterEvent? {
        guard let number = UInt64(id.dropFirst("event-".count)), number < self.total else { return nil }
        let age = self.total - 1 - number
        guard age < UInt64(self.events.count) else { return nil }
        return self.events[(self.start + self.events.count - 1 - Int(age)) % self.events.count]
    }
}
