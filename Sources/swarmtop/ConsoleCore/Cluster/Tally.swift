/// How many tasks are in which state, kept up to date task by task.
struct Tally: Sendable, Equatable {
    /// Indexed by `Stage`.
    private(set) var stages = [Int](repeating: 0, count: Stage.allCases.count)
    private(set) var desired = [Int](repeating: 0, count: Stage.allCases.count)
    /// Running and meant to run.
    private(set) var running = 0
    /// Meant to run, wherever they are.
    private(set) var wanted = 0
    /// What live tasks reserve.
    private(set) var nanoCPUs: Int64 = 0
    private(set) var memory: Int64 = 0
    private(set) var all = 0

    subscript(stage: Stage) -> Int { self.stages[stage.rawValue] }
    func wanting(_ stage: Stage) -> Int { self.desired[stage.rawValue] }

    var live: Int { self.stages[...Stage.running.rawValue].reduce(0, +) }

    mutating func add(_ task: TaskRow) { self.count(task, by: 1) }
    mutating func remove(_ task: TaskRow) { self.count(task, by: -1) }

    private mutating func count(_ task: TaskRow, by step: Int) {
        self.all += step
        self.stages[task.stage.rawValue] += step
        self.desired[task.desired.rawValue] += step
        if task.desired <= .running {
            self.wanted += step
            if task.stage == .running { self.running += step }
        }
        if task.stage.isLive {
            self.nanoCPUs += task.nanoCPUs * Int64(step)
            self.memory += task.memory * Int64(step)
        }
    }

    /// The states as letters with counts, `R9 S2 A1 F1!`; ended-as-wished tasks are left out.
    func summary(marks: Bool = true) -> String {
        let order: [Stage] = [
            .running, .starting, .ready, .preparing, .accepted, .assigned, .pending, .new,
            .complete, .failed, .rejected, .orphaned,
        ]
        let parts = order.filter { self[$0] > 0 }.map { stage in
            let urgent = marks && (stage == .pending || stage == .rejected || stage == .orphaned)
            return "\(stage.letter)\(self[stage])\(urgent ? "!" : "")"
        }
        return parts.isEmpty ? "-" : parts.joined(separator: " ")
    }
}
