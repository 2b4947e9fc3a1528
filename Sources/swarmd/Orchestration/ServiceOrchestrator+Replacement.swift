import Primitives
import StoreCore
import SwarmAPI

extension ServiceOrchestrator {
    /// Whether the slot's last task has ended and must not be followed by another.
    func isSpent(_ slot: Slot) -> Bool {
        guard let last = slot.tasks.last(where: { $0.desiredState != .remove }) else { return false }
        return !last.isWanted && !self.supervisor.permitsRestart(of: last, at: slot.place)
    }

    /// Hands the tasks that ended, or whose node is lost, to the restart supervisor.
    mutating func replaceLost(
        _ slots: inout [Place: Slot],
        context: inout PlanContext,
        draft: inout Draft
    ) -> [Timestamp] {
        var moments: [Timestamp] = []
        self.drains.begin(context.service.id)
        for place in slots.keys.sorted() {
            guard var slot = slots[place] else { continue }
            for position in slot.tasks.indices {
                let task = slot.tasks[position]
                guard task.isWanted, !task.isDone else { continue }
                let isLost = !task.nodeID.isEmpty && context.state.nodes[task.nodeID].mustBeLeft
                guard task.hasEnded || isLost else { continue }
                let later = self.replace(at: position, in: &slot, context: &context, draft: &draft)
                if let later { moments.append(later) }
            }
            slots[place] = slot
        }
        return moments
    }

    /// Replaces one task now, or returns when to do it.
    private mutating func replace(
        at position: Int,
        in slot: inout Slot,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        let task = slot.tasks[position]
        let node = context.state.nodes[task.nodeID]
        let others = slot.tasks.filter { $0.id != task.id }
        // A task from which another one takes over needs no replacement.
        if task.hasEnded || node.isDown, others.contains(where: { $0.isHeir(in: context) }) {
            draft.desire(.shutdown, of: &slot.tasks[position])
            return nil
        }
        if !task.hasEnded, !node.isDown, self.supervisor.permitsRestart(of: task, at: slot.place) {
            let isFollowed = others.contains { $0.isWanted && !$0.hasEnded }
            switch self.drains.move(task, off: node, isFollowed: isFollowed, now: context.now) {
            case .stopFirst: break
            case .startFirst:
                self.supervisor.succeed(in: &slot, after: .zero, context: &context, draft: &draft)
                return nil
            case .wait(let moment): return moment
            }
        }
        return self.supervisor.replace(at: position, in: &slot, context: &context, draft: &draft)
    }

    /// Lets the prepared tasks start whose time has come; returns when to look again.
    mutating func release(
        _ slots: inout [Place: Slot],
        context: PlanContext,
        draft: inout Draft
    ) -> [Timestamp] {
        var moments: [Timestamp] = []
        for place in slots.keys.sorted() {
            guard var slot = slots[place] else { continue }
            let next = self.supervisor.release(in: &slot, context: context, draft: &draft)
            if let next { moments.append(next) }
            slots[place] = slot
        }
        return moments
    }
}

extension SwarmTask {
    /// Whether the task may hold its slot: it is wanted and under way, where it may stay.
    func mayHold(in context: PlanContext) -> Bool {
        self.isWanted && !self.hasEnded
            && (self.nodeID.isEmpty || !context.state.nodes[self.nodeID].mustBeLeft)
    }

    /// Whether others may go for the task: it may hold its slot, and is what the service would make now.
    func isHeir(in context: PlanContext) -> Bool {
        self.mayHold(in: context) && !self.isOutdated(for: context.service, on: context.state)
    }

    /// Whether the task is a job's and has completed: it stays as it is, wanted and done.
    var isDone: Bool { self.isOfJob && self.status.state == .complete }
}
