/// What is going to happen, in the order of time and, at one moment, in the order in which it was arranged.
package struct EventQueue<Event: Sendable>: Sendable {
    private struct Slot: Sendable {
        let moment: Moment
        let sequence: Int
        let event: Event

        func precedes(_ other: Slot) -> Bool {
            self.moment == other.moment ? self.sequence < other.sequence : self.moment < other.moment
        }
    }

    /// A binary heap: each slot precedes the two at twice its place.
    private var slots: [Slot] = []
    private var sequence = 0

    /// An empty queue.
    package init() {}

    /// How many events are to come.
    package var count: Int { self.slots.count }

    /// Arranges `event` for `moment`.
    package mutating func add(_ event: Event, at moment: Moment) {
        self.slots.append(Slot(moment: moment, sequence: self.sequence, event: event))
        self.sequence += 1
        var place = self.slots.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard self.slots[place].precedes(self.slots[parent]) else { return }
            self.slots.swapAt(place, parent)
            place = parent
        }
    }

    /// Takes the next event.
    package mutating func next() -> (moment: Moment, event: Event)? {
        guard let first = self.slots.first, let last = self.slots.popLast() else { return nil }
        guard !self.slots.isEmpty else { return (first.moment, first.event) }
        self.slots[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < self.slots.count {
                if self.slots[child].precedes(self.slots[least]) { least = child }
            }
            guard least != place else { return (first.moment, first.event) }
            self.slots.swapAt(place, least)
            place = least
        }
    }
}
