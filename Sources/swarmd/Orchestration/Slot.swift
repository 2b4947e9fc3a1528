import SwarmAPI

/// One place of a service: the task that holds it, and those that held it before.
struct Slot: Sendable {
    let place: Place
    /// Oldest first.
    var tasks: [SwarmTask] = []

    /// The tasks that are desired to run; more than one only while one takes over from another.
    var wanted: [SwarmTask] { self.tasks.filter(\.isWanted) }

    /// Whether a task of the slot is seen to run.
    var isRunning: Bool { self.tasks.contains { $0.isWanted && $0.status.state == .running } }

    /// Whether a task of the slot is on its way or runs.
    var isActive: Bool { self.tasks.contains { $0.isWanted && !$0.hasEnded } }

    /// Sorts `tasks` into slots, by place.
    static func group(_ tasks: [SwarmTask], perNode: Bool = false) -> [Place: Slot] {
        Dictionary(grouping: tasks) { Place(of: $0, perNode: perNode) }.reduce(into: [:]) { slots, entry in
            slots[entry.key] = Slot(place: entry.key, tasks: entry.value.sorted(by: SwarmTask.isOlder))
        }
    }

    /// The slots in the order in which a smaller service keeps them.
    ///
    /// The first copy on each node comes before any second, so that tasks go from the nodes with most
    /// copies; among equals a running slot stays, and then the lower number. Slots without a node, or with
    /// several tasks, go first (SwarmKit `replicated/slot.go`, `slotsByIndex`).
    static func inOrderOfKeeping(_ slots: [Slot]) -> [Slot] {
        let steady = slots.sorted { ($0.isRunning ? 0 : 1, $0.place) < ($1.isRunning ? 0 : 1, $1.place) }
        var copies: [String: Int] = [:]
        let ranked = steady.enumerated().map { position, slot -> (copy: Int, position: Int, slot: Slot) in
            guard let node = slot.wanted.first?.nodeID, slot.wanted.count == 1, !node.isEmpty else {
                return (.max, position, slot)
            }
            copies[node, default: 0] += 1
            return (copies[node, default: 0], position, slot)
        }
        return ranked.sorted { ($0.copy, $0.position) < ($1.copy, $1.position) }.map(\.slot)
    }
}
