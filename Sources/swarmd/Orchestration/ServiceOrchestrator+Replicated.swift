import Primitives
import StoreCore
import SwarmAPI

extension ServiceOrchestrator {
    /// Brings a replicated service closer to its number of tasks; returns when to look again.
    mutating func reconcile(
        replicas: UInt64,
        context: inout PlanContext,
        draft: inout Draft
    ) -> Timestamp? {
        var (slots, dead) = self.sort(Slot.group(context.state.tasks.find(.service(context.service.id))))
        Self.shrink(&slots, to: replicas, draft: &draft)
        var moments = self.replaceLost(&slots, context: &context, draft: &draft)
        let updated = self.updater.advance(
            &slots,
            supervisor: &self.supervisor,
            context: &context,
            draft: &draft
        )
        if replicas > UInt64(slots.count) + Self.mostCreated { self.dirty.insert(context.service.id) }
        self.grow(&slots, dead: &dead, to: replicas, context: &context, draft: &draft)
        moments += self.release(&slots, context: context, draft: &draft)
        for slot in dead.values.sorted(by: { $0.place < $1.place }) {
            for var task in slot.tasks { draft.desire(.remove, of: &task) }
        }
        return (moments + [updated].compactMap(\.self)).min()
    }

    /// Tells the slots that hold a place from the dead ones.
    ///
    /// A slot holds its place while a task is wanted in it, and also when its last task has ended and must not
    /// be restarted (SwarmKit `restart.go`, `UpdatableTasksInSlot`).
    private func sort(_ all: [Place: Slot]) -> (holding: [Place: Slot], dead: [Place: Slot]) {
        var (holding, dead): ([Place: Slot], [Place: Slot]) = ([:], [:])
        for (place, slot) in all {
            if self.isSpent(slot) || !slot.wanted.isEmpty {
                holding[place] = slot
            } else {
                dead[place] = slot
            }
        }
        return (holding, dead)
    }

    /// Gives up the slots that are too many.
    private static func shrink(_ slots: inout [Place: Slot], to replicas: UInt64, draft: inout Draft) {
        guard UInt64(slots.count) > replicas else { return }
        for slot in Slot.inOrderOfKeeping(Array(slots.values)).dropFirst(Int(clamping: replicas)) {
            slots[slot.place] = nil
            for var task in slot.tasks { draft.desire(.remove, of: &task) }
        }
    }

    /// Makes tasks for the slots that are missing, in the lowest numbers that are free.
    ///
    /// A dead slot that is used again keeps its tasks: they are its history, and one that still stops is waited
    /// for.
    private mutating func grow(
        _ slots: inout [Place: Slot],
        dead: inout [Place: Slot],
        to replicas: UInt64,
        context: inout PlanContext,
        draft: inout Draft
    ) {
        var missing = min(replicas - min(replicas, UInt64(slots.count)), Self.mostCreated)
        var number: UInt64 = 0
        while missing > 0 {
            number += 1
            let place = Place.slot(number)
            guard slots[place] == nil else { continue }
            var slot = dead.removeValue(forKey: place) ?? Slot(place: place)
            let task = context.makeTask(at: place)
            self.supervisor.add(task, to: &slot, after: .zero, now: context.now, draft: &draft)
            slots[place] = slot
            missing -= 1
        }
    }
}
