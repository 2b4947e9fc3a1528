import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// What the console shows about tasks and the store does not keep: how many are in each state, since when,
/// and when each task entered its states.
///
/// Pure: commits in, summaries out. A task that is removed from the store is forgotten.
struct ConsoleTracker: Sendable {
    /// How many steps of one task are remembered: more than there are states.
    static let stepsPerTask = 16

    /// A task's step into a state, in the size of two words.
    private struct Step: Sendable, Equatable {
        let at: Timestamp
        let state: Int32
    }

    private var steps: [String: [Step]] = [:]
    private var counts: [Int32: Int] = [:]
    private var queues: [Int32: OldestQueue] = [:]
    private var fresh: [SwarmdTaskTransition] = []
    /// The index of the newest commit seen.
    private(set) var index: UInt64 = 0

    /// Takes over a whole state: at the start, and after commits were missed.
    mutating func reconcile(with state: StoreState, index: UInt64) {
        self.index = index
        for id in self.steps.keys.sorted() where state.tasks[id] == nil { self.forget(id) }
        for task in state.tasks.all { self.note(task) }
    }

    /// Notes what one commit did to tasks.
    mutating func observe(_ commit: Commit) {
        self.index = commit.index
        for change in commit.changes {
            switch change {
            case .create(.task(let task)), .update(.task(let task), _): self.note(task)
            case .remove(.task(let task)): self.forget(task.id)
            default: continue
            }
        }
    }

    /// The tasks in each state that has any, in the order of life.
    mutating func summaries() -> [SwarmdStateSummary] {
        self.counts.keys.sorted().map { state in
            let count = self.counts[state, default: 0]
            let oldest = self.queues[state]?.oldest(live: count) { entry in
                self.steps[entry.id]?.last == Step(at: entry.at, state: state)
            }
            return .with {
                $0.state = SwarmTaskState(rawValue: Int(state)) ?? .new
                $0.tasks = UInt32(clamping: count)
                if let oldest { $0.oldest = oldest.protobuf }
            }
        }
    }

    /// All steps that are remembered, by task and in order.
    var transitions: [SwarmdTaskTransition] {
        self.steps.keys.sorted().flatMap { id in
            (self.steps[id] ?? []).map { Self.transition(of: id, $0) }
        }
    }

    /// How many steps `takeFresh` would give.
    var freshCount: Int { self.fresh.count }

    /// The steps since this was last called.
    mutating func takeFresh() -> [SwarmdTaskTransition] {
        defer { self.fresh = [] }
        return self.fresh
    }

    private mutating func note(_ task: SwarmTask) {
        let state = Int32(truncatingIfNeeded: task.status.state.rawValue)
        let last = self.steps[task.id]?.last
        guard last?.state != state else { return }
        if let last { self.leave(last.state) }
        let step = Step(at: Self.moment(of: task), state: state)
        self.steps[task.id, default: []].append(step)
        if self.steps[task.id, default: []].count > Self.stepsPerTask {
            self.steps[task.id]?.removeFirst()
        }
        self.counts[state, default: 0] += 1
        self.queues[state, default: OldestQueue()].insert(.init(at: step.at, id: task.id))
        self.fresh.append(Self.transition(of: task.id, step))
    }

    private mutating func forget(_ id: String) {
        guard let last = self.steps.removeValue(forKey: id)?.last else { return }
        self.leave(last.state)
    }

    private mutating func leave(_ state: Int32) {
        let left = self.counts[state, default: 0] - 1
        precondition(left >= 0, "state \(state) lost more tasks than it had")
        self.counts[state] = left == 0 ? nil : left
        if left == 0 { self.queues[state] = nil }
    }

    /// When the state was reported; before the first report, when the task was made.
    private static func moment(of task: SwarmTask) -> Timestamp {
        Timestamp(task.status.hasTimestamp ? task.status.timestamp : task.meta.createdAt)
    }

    private static func transition(of id: String, _ step: Step) -> SwarmdTaskTransition {
        .with {
            $0.taskID = id
            $0.state = SwarmTaskState(rawValue: Int(step.state)) ?? .new
            $0.at = step.at.protobuf
        }
    }
}
