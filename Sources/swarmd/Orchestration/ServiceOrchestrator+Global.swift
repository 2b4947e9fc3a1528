import Primitives
import StoreCore
import SwarmAPI

extension ServiceOrchestrator {
    /// Keeps one task of a global service on each node that it is meant for; returns when to look again.
    mutating func reconcileGlobal(_ context: inout PlanContext, draft: inout Draft) -> Timestamp? {
        let eligibility = NodeEligibility(context.service.spec.task)
        let tasks = context.state.tasks.find(.service(context.service.id))
        var slots = Slot.group(tasks, perNode: true)
        Self.vacate(&slots, eligibility, context: context, draft: &draft)
        var moments = self.replaceLost(&slots, context: &context, draft: &draft)
        // Nothing new goes to a paused node, and so no update either.
        var open = slots.filter { !Self.isPaused($0.key, on: context.state) && self.holds($0.value) }
        let updated = self.updater.advance(
            &open,
            supervisor: &self.supervisor,
            context: &context,
            draft: &draft
        )
        slots.merge(open) { $1 }
        self.spread(&slots, context: &context, draft: &draft) { eligibility.admits($0) }
        moments += self.release(&slots, context: context, draft: &draft)
        return (moments + [updated].compactMap(\.self)).min()
    }

    /// Whether the place needs no task now: one is wanted there, or the last one was to be the last.
    private func holds(_ slot: Slot) -> Bool { !slot.wanted.isEmpty || self.isSpent(slot) }

    private static func isPaused(_ place: Place, on state: StoreState) -> Bool {
        guard case .node(let id) = place else { return false }
        return state.nodes[id]?.spec.availability == .pause
    }

    /// Gives up the nodes that the service is no longer meant for; what ran on a removed node is forgotten.
    private static func vacate(
        _ slots: inout [Place: Slot],
        _ eligibility: NodeEligibility,
        context: PlanContext,
        draft: inout Draft
    ) {
        for place in slots.keys.sorted() {
            guard case .node(let id) = place, var slot = slots[place] else { continue }
            let node = context.state.nodes[id]
            guard !eligibility.keeps(node) else { continue }
            for position in slot.tasks.indices {
                if node == nil {
                    draft.remove(slot.tasks[position])
                } else if slot.tasks[position].isWanted {
                    draft.desire(.shutdown, of: &slot.tasks[position])
                }
            }
            slots[place] = nil
        }
    }

    /// Makes tasks on the nodes that lack one, at most so many at a time.
    mutating func spread(
        _ slots: inout [Place: Slot],
        context: inout PlanContext,
        draft: inout Draft,
        where admits: (SwarmNode) -> Bool
    ) {
        var room = Self.mostCreated
        for node in context.state.nodes.all where admits(node) {
            var slot = slots[.node(node.id)] ?? Slot(place: .node(node.id))
            guard !self.holds(slot), !slot.tasks.contains(where: \.isDone) else { continue }
            guard room > 0 else {
                self.dirty.insert(context.service.id)
                return
            }
            room -= 1
            let task = context.makeTask(at: slot.place)
            self.supervisor.add(task, to: &slot, after: .zero, now: context.now, draft: &draft)
            slots[slot.place] = slot
        }
    }
}
