/// Whether external CAs could be asked of late, so that only a change of it is told.
struct ExternalStanding: Sendable, Equatable {
    /// What is new.
    enum Change: Sendable, Equatable {
        /// None can be asked any more, or for another reason than before.
        case lost(String)
        /// One can be asked again.
        case found
    }

    /// Why none could be asked; nil where one could, or nobody has tried.
    private var obstacle: String?

    /// Takes in what stood in the way of each request of a round, nil for one that was answered.
    mutating func heard(_ obstacles: [String?]) -> Change? {
        guard let first = obstacles.first else { return nil }
        // One answer is enough: the others are tried again soon.
        let present = obstacles.contains(nil) ? nil : first
        defer { self.obstacle = present }
        guard present != self.obstacle else { return nil }
        return present.map(Change.lost) ?? .found
    }
}
