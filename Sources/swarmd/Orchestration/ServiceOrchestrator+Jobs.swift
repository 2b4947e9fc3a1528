import Primitives
import StoreCore
import SwarmAPI

extension ServiceOrchestrator {
    /// Has a job's tasks run to their end, some at a time, until enough have completed.
    ///
    /// A slot that failed and must not be restarted is used up: the job then ends with fewer completions
    /// (SwarmKit `orchestrator/jobs/replicated`). Slots count from one: a name with slot 0 would read as a
    /// global task's (parity BUG-13).
    mutating func reconcile(
        _ job: SwarmReplicatedJob,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        guard var slots = self.presentRun(context, draft: &draft) else { return nil }
        var moments = self.replaceLost(&slots, context: &context, draft: &draft)
        // One that has failed and is to be followed after a while counts too.
        let active = UInt64(slots.values.count { $0.wanted.contains { !$0.isDone } })
        let taken = slots.filter { self.isTaken($0.value) }
        let missing = job.totalCompletions - min(job.totalCompletions, UInt64(taken.count))
        var room = min(missing, job.maxConcurrent - min(job.maxConcurrent, active))
        if room > Self.mostCreated {
            room = Self.mostCreated
            self.dirty.insert(context.service.id)
        }
        var number: UInt64 = 0
        while room > 0 {
            number += 1
            guard taken[.slot(number)] == nil else { continue }
            var slot = slots[.slot(number)] ?? Slot(place: .slot(number))
            let task = context.makeTask(at: slot.place)
            self.supervisor.add(task, to: &slot, after: .zero, now: context.now, draft: &draft)
            slots[slot.place] = slot
            room -= 1
        }
        moments += self.release(&slots, context: context, draft: &draft)
        return moments.min()
    }

    /// Has one task of a job run to its end on each node, also on those that come later (parity BUG-12).
    mutating func reconcileGlobalJob(_ context: inout PlanContext, draft: inout Draft) -> Timestamp? {
        guard var slots = self.presentRun(context, draft: &draft) else { return nil }
        let eligibility = NodeEligibility(context.service.spec.task)
        for place in slots.keys.sorted() {
            guard case .node(let id) = place, context.state.nodes[id].mustBeLeft else { continue }
            for position in slots[place]?.tasks.indices ?? 0..<0 {
                guard var slot = slots[place], slot.tasks[position].isWanted, !slot.tasks[position].isDone
                else { continue }
                draft.desire(.shutdown, of: &slot.tasks[position])
                slots[place] = slot
            }
        }
        var moments = self.replaceLost(&slots, context: &context, draft: &draft)
        self.spread(&slots, context: &context, draft: &draft) { eligibility.admitsJob($0) }
        moments += self.release(&slots, context: context, draft: &draft)
        return moments.min()
    }

    /// Whether a slot needs no task: one is wanted there, one has completed, or the last may not be restarted.
    private func isTaken(_ slot: Slot) -> Bool {
        !slot.wanted.isEmpty || slot.tasks.contains(where: \.isDone) || self.isSpent(slot)
    }

    /// The slots of the job's present run, after the tasks of earlier runs are given up; nil where the
    /// present run has not come yet.
    private func presentRun(_ context: PlanContext, draft: inout Draft) -> [Place: Slot]? {
        let service = context.service
        let tasks = context.state.tasks.find(.service(service.id))
        for var task in tasks where task.jobIteration != service.jobStatus.jobIteration {
            draft.desire(.remove, of: &task)
        }
        guard JobSchedule.isRunDue(of: service) else { return nil }
        return Slot.group(
            tasks.filter { $0.jobIteration == service.jobStatus.jobIteration },
            perNode: service.isPerNode
        )
    }
}
