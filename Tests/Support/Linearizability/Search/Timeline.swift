/// A history as the search walks through it: from one answer to the next.
///
/// An operation has to be placed before its answer came, and can be from its call on. So the choice at an
/// answer is among the operations that are open there, and nothing else matters.
struct Timeline {
    /// An answer, and what could be placed before it.
    struct Moment {
        /// The operation that was answered.
        let returning: Int
        /// The operations with known outcomes that were called before, and not answered before.
        let open: [Int]
        /// How many of the operations with unknown outcomes were called before.
        let unknown: Int
    }

    /// The answers in the order of time.
    let moments: [Moment]
    /// The operations with unknown outcomes in the order of their calls.
    let unknown: [Int]
    /// Whether the outcome of the operation at each index is known.
    let isKnown: [Bool]
    /// Each operation's place in a bit set.
    ///
    /// For one with a known outcome, it is not shared with any that is open at the same time; for another, it
    /// is the place in `unknown`.
    let bits: [Int]

    /// Puts operations, given by their times, into the order of time.
    ///
    /// A call and an answer at the same time are taken as overlapping, which is what a coarse clock allows.
    init(_ spans: [(called: UInt64, returned: UInt64?)]) {
        var events: [(time: UInt64, isReturn: Bool, index: Int)] = []
        for (index, span) in spans.enumerated() {
            events.append((span.called, false, index))
            if let returned = span.returned { events.append((returned, true, index)) }
        }
        events.sort { left, right in
            if left.time != right.time { return left.time < right.time }
            if left.isReturn != right.isReturn { return right.isReturn }
            return left.index < right.index
        }
        var moments: [Moment] = []
        var unknown: [Int] = []
        var bits = Array(repeating: 0, count: spans.count)
        var open: [Int] = []
        var freeBits: [Int] = []
        for event in events {
            if event.isReturn {
                moments.append(Moment(returning: event.index, open: open, unknown: unknown.count))
                open.removeAll { $0 == event.index }
                freeBits.append(bits[event.index])
            } else if spans[event.index].returned == nil {
                bits[event.index] = unknown.count
                unknown.append(event.index)
            } else {
                bits[event.index] = freeBits.popLast() ?? open.count
                open.append(event.index)
            }
        }
        self.moments = moments
        self.unknown = unknown
        self.isKnown = spans.map { $0.returned != nil }
        self.bits = bits
    }
}
