/// What a user does to the cluster.
enum UserCommand: String, Sendable, CaseIterable {
    case createService, changeService, rollBack, removeService
    case setAvailability, setLabels, resizeNode, removeNode, addNode

    /// How often users do what, compared with each other.
    static let weights: [(command: UserCommand, weight: Int)] = [
        (.createService, 5), (.changeService, 9), (.rollBack, 2), (.removeService, 2), (.setAvailability, 4),
        (.setLabels, 2), (.resizeNode, 1), (.removeNode, 1), (.addNode, 1),
    ]

    /// Each command as often as its weight.
    static let lots = Self.weights.flatMap { [UserCommand](repeating: $0.command, count: $0.weight) }
}
