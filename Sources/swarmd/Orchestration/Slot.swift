import SwarmAPI

/// One place of a replicated service: the task that holds it, and those that held it before.
struct Slot: Sendable {
    let number: UInt64
    /// Oldest first.
    var tasks: [SwarmTask]

    /// The tasks that are desired to run; more than one only while something is being put right.
    var wanted: [SwarmTask] { self.tasks.filter(\.isWanted) }

    /// Whether a task of the slot is seen to run.
    var isRunning: Bool { self.tasks.contains { $0.isWanted && $0.status.state == .running } }

    /// Sorts `tasks` into slots, by number.
    static func group(_ tasks: [SwarmTask]) -> [UInt64: Slot] {
        Dictionary(grouping: tasks, by: \.slot).reduce(into: [:]) { slots, entry in
            slots[entry.key] = Slot(number: entry.key, tasks: entry.value.sorted(by: SwarmTask.isOlder))
        }
    }

    /// The slots in the order in which a smaller service keeps them.
    ///
    /// The first copy on each node comes before any second, so that tasks go from the nodes with most
    /// copies; among equals a running slot stays, and then the lower number. Slots without a node, or with
    /// several tasks, go first (SwarmKit `replicated/slot.go`, `slotsByIndex`).
    static func inOrderOfKeeping(_ slots: [Slot]) -> [Slot] {
        let steady = slots.sorted { ($0.isRunning ? 0 : 1, $0.number) < ($1.isRunning ? 0 : 1, $1.number) }
        var copies: [String: Int] = [:]
        let ranked = steady.enumerated().map { place, slot -> (copy: Int, place: Int, slot: Slot) in
            guard let node = slot.wanted.first?.nodeID, slot.wanted.count == 1, !node.isEmpty else {
                return (.max, place, slot)
            }
            copies[node, default: 0] += 1
            return (copies[node, default: 0], place, slot)
        }
        return ranked.sorted { ($0.copy, $0.place) < ($1.copy, $1.place) }.map(\.slot)
    }
}
