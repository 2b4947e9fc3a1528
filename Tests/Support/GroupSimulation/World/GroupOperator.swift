/// Whoever adds and removes managers: one change after the other, each asked for until it is done.
struct GroupOperator: Sendable {
    /// A change that is wanted.
    enum Task: Sendable, Equatable {
        /// A machine is taken in, to learn first or to vote at once.
        case join(machine: Int, learner: Bool)
        /// A learner becomes a voter.
        case promote(machine: Int)
        /// A member goes.
        case remove(machine: Int)
        /// The group is told where a member listens now.
        case readdress(machine: Int)
    }

    private(set) var tasks: [Task] = []
    private(set) var isCalm = false
    private var chance: Chance
    private var nextChange: UInt64 = 1
    /// When the present task was last asked for.
    var asked: Moment?

    init(_ chance: Chance) { self.chance = chance }

    /// Whether nothing is wanted.
    var isIdle: Bool { self.tasks.isEmpty }

    /// Wants something more.
    mutating func add(_ task: Task) { self.tasks.append(task) }

    /// The first thing that is wanted is done, or is given up.
    mutating func finish() {
        if !self.tasks.isEmpty { self.tasks.removeFirst() }
        self.asked = nil
    }

    /// A number for a change of the group.
    mutating func takeChange() -> UInt64 {
        defer { self.nextChange += 1 }
        return self.nextChange
    }

    /// Whether something of this probability happens.
    mutating func happens(_ probability: Double) -> Bool { self.chance.happens(probability) }

    /// Danger is over.
    mutating func calm() { self.isCalm = true }
}
