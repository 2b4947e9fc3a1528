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
        let sorted = waiting.filter(Self.isDown) + waiting.filter { !Self.isDown($0) }
        let names = sorted.prefix(Self.named).map(Self.name(of:))
        let more = sorted.count > names.count ? " and \(sorted.count - names.count) more" : ""
        let seconds = Self.patience.components.seconds
        return TextTable.plain(
            "no progress for \(seconds) s, waiting for \(names.joined(separator: ", "))\(more): "
                + Self.advice(sorted[0])
                + "; Ctrl-C ends this command, and the rotation goes on"
        )
    }

    private static func name(of node: LateNode) -> String {
        if node.isUnfinished { return "\(node.name) (never got a certificate)" }
        return node.isUp ? node.name : "\(node.name) (down)"
    }

    private static func isDown(_ node: LateNode) -> Bool { !node.isUp && !node.isUnfinished }

    /// What helps with the first of those that need somebody most.
    private static func advice(_ first: LateNode) -> String {
        if first.isUnfinished {
            return "let its join end, or take it out with `swarmd node rm \(first.name)`"
        }
        guard !first.isUp else { return "see the log of each" }
        let demote = first.isManager ? "`swarmd node demote \(first.name)` and " : ""
        return "bring up what is down, or take it out with \(demote)`swarmd node rm --force \(first.name)`"
    }
}
