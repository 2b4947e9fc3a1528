import GroupSimulation
import Primitives
import StoreCore
import SwarmAPI

/// What no commit may do, whoever makes it.
struct StepRules: Sendable {
    /// How many tasks were made.
    private(set) var made = 0
    /// The identifiers that tasks have had.
    private var known: Set<String> = []
    /// How many tasks each place got since its service was changed, by the version of its spec.
    private var attempts: [String: [String: Int]] = [:]

    /// Notes that a user changed the service: its tasks may be restarted as often again.
    mutating func userChanged(_ service: SwarmService) { self.attempts[service.id] = nil }

    /// Checks a commit of `actor`, who decided on `seen`, and finds the store after it.
    mutating func check(
        _ commit: Commit,
        by actor: Actor,
        before: StoreState,
        seen: StoreState,
        now: Timestamp
    ) throws(Violation) {
        var assigned: [String: [SwarmTask]] = [:]
        for change in commit.changes {
            switch change {
            case .create(.task(let task)):
                try self.checkNew(task, by: actor, on: commit.state)
                try SlotRule.check(task, old: nil, seen: seen, state: commit.state, now: now)
            case .update(.task(let task), .task(let old)):
                try Self.checkConstant(task, old)
                try WriterRule.check(task, old, by: actor)
                try SlotRule.check(task, old: old, seen: seen, state: commit.state, now: now)
                if task.status.state == .assigned, old.status.state != .assigned {
                    assigned[task.nodeID, default: []].append(task)
                }
            case .remove(.task(let task)): try Self.checkRemoval(of: task, by: actor, on: seen)
            default: break
            }
        }
        for (node, tasks) in assigned.sorted(by: { $0.key < $1.key }) {
            try RoomRule.check(node, new: tasks, before: [before, seen], commit.state)
        }
        try AddressRule.check(commit)
    }

    private mutating func checkNew(_ task: SwarmTask, by actor: Actor, on state: StoreState) throws(Violation)
    {
        self.made += 1
        guard self.known.insert(task.id).inserted else {
            throw Violation("no identifier is used twice", task.id)
        }
        guard actor == .orchestrator, task.status.state == .new else {
            throw Violation(
                "the orchestrator makes tasks, and makes them NEW",
                "\(actor) \(task.status.state)"
            )
        }
        guard task.desiredState.isWanted else {
            throw Violation("a new task is wanted", "\(task.id) \(task.desiredState)")
        }
        try self.countAttempt(task, on: state)
    }

    /// A place with a limit of restarts gets one task, and so many more.
    private mutating func countAttempt(_ task: SwarmTask, on state: StoreState) throws(Violation) {
        let restart = task.spec.restart
        guard restart.maxAttempts > 0, Duration(restart.window) == .zero, task.slot != 0 else { return }
        // Beside a new task that has failed for good one of the spec before may go on, and end later.
        guard state.services[task.serviceID]?.startsFirst(on: state) != true else { return }
        let place = "\(task.slot) \(task.specVersion.index) \(task.jobIteration.index)"
        let count = (self.attempts[task.serviceID]?[place] ?? 0) + 1
        self.attempts[task.serviceID, default: [:]][place] = count
        guard count <= Int(restart.maxAttempts) + 1 else {
            throw Violation(
                "a task is restarted as often as its policy allows",
                "\(task.serviceID) \(place): \(count) tasks, \(restart.maxAttempts) restarts"
            )
        }
    }

    private static func checkConstant(_ task: SwarmTask, _ old: SwarmTask) throws(Violation) {
        let text = "\(task.serviceID).\(task.slot) \(task.id)"
        guard task.status.state.rawValue >= old.status.state.rawValue else {
            throw Violation(
                "a task's state never goes back (parity TS-04)",
                "\(text): \(old.status.state) -> \(task.status.state)"
            )
        }
        guard !old.status.state.hasEnded || task.status.state == old.status.state else {
            throw Violation("an end is final", "\(text): \(old.status.state) -> \(task.status.state)")
        }
        guard task.desiredState.rawValue >= old.desiredState.rawValue else {
            throw Violation(
                "what is desired of a task never falls back",
                "\(text): \(old.desiredState) -> \(task.desiredState)"
            )
        }
        guard old.nodeID.isEmpty || task.nodeID == old.nodeID else {
            throw Violation("a task never moves", "\(text): \(old.nodeID) -> \(task.nodeID)")
        }
        guard task.spec == old.spec, task.slot == old.slot, task.serviceID == old.serviceID,
            task.specVersion == old.specVersion, task.jobIteration == old.jobIteration
        else { throw Violation("a task stays what it was made", text) }
        guard task.status.state != .remove else {
            throw Violation("REMOVE is only ever desired (parity TS-03)", text)
        }
    }

    /// Nothing is deleted that may run, unless its node is gone.
    private static func checkRemoval(
        of task: SwarmTask,
        by actor: Actor,
        on seen: StoreState
    ) throws(Violation) {
        let isUnassigned = task.status.state.rawValue < SwarmTaskState.assigned.rawValue
        let isOver = task.status.state.hasEnded || !task.desiredState.isWanted && isUnassigned
        let isNodeGone = seen.nodes[task.nodeID] == nil && !task.nodeID.isEmpty
        guard actor == .reaper && isOver || actor == .orchestrator && isNodeGone else {
            throw Violation(
                "no task is deleted that may run",
                "\(actor) deletes \(task.id) \(task.desiredState)/\(task.status.state)"
            )
        }
    }
}

extension SwarmTaskState {
    /// Whether a task of which this is desired is to run, or to have run.
    var isWanted: Bool { self.rawValue <= SwarmTaskState.complete.rawValue }

    /// Whether a task of this state has ended.
    var hasEnded: Bool { self.rawValue > SwarmTaskState.running.rawValue }

    /// Whether a task of this state may run on its node, and holds what it has reserved there.
    var holdsNode: Bool { self.rawValue >= SwarmTaskState.assigned.rawValue && !self.hasEnded }
}
