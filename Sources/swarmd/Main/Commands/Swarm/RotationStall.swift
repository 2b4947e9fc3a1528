/// Notices that a rotation of the root stands still, and says which nodes hold it up and what can be done about them.
///
/// Pure: `now` is when the progress was seen.
struct RotationStall: Sendable {
    /// How long nothing may happen before it is told; batches come every three seconds.
    static let patience = Duration.seconds(10)
    /// Nodes that the line names.
    private static let named = 8

    /// How far a rotation is.
    private struct Step: Equatable {
        let target: String?
        let renewed: Int
        let trusting: Int
    }

    private var last: Step?
    private var since: ContinuousClock.Instant?
    private var told: [LateNode] = []

    /// The line that is due, if any: each set of nodes is told once.
    mutating func line(for progress: RotationProgress, at now: ContinuousClock.Instant) -> String? {
        let step = Step(target: progress.target, renewed: progress.renewed, trusting: progress.trusting)
        if step != self.last { self.since = now }
        self.last = step
        guard progress.target != nil, let since = self.since, now - since >= Self.patience,
            !progress.waiting.isEmpty, progress.waiting != self.told
        else { return nil }
        self.told = progress.waiting
        return Self.text(progress.waiting)
    }

    private static func text(_ waiting: [LateNode]) -> String {
        // Those that are down need somebody.
        let sorted = waiting.filter { !$0.isUp } + waiting.filter(\.isUp)
        let names = sorted.prefix(Self.named).map { $0.isUp ? $0.name : "\($0.name) (down)" }
        let more = sorted.count > names.count ? " and \(sorted.count - names.count) more" : ""
        let seconds = Self.patience.components.seconds
        return TextTable.plain(
            "no progress for \(seconds) s, waiting for \(names.joined(separator: ", "))\(more): "
                + Self.advice(sorted[0], hasDown: sorted.contains { !$0.isUp })
                + "; Ctrl-C ends this command, and the rotation goes on"
        )
    }

    private static func advice(_ first: LateNode, hasDown: Bool) -> String {
        guard hasDown else { return "see the log of each" }
        let demote = first.isManager ? "`swarmd node demote \(first.name)` and " : ""
        return "bring up what is down, or take it out with \(demote)`swarmd node rm --force \(first.name)`"
    }
}
