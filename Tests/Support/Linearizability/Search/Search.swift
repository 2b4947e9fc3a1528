/// A depth-first search for an order of one key's operations.
///
/// Four things keep it small. An operation that only observes, and fits, is placed at once: it cannot fit
/// better later. Of two configurations that differ only in the unknown operations that are left, the one that
/// has all of the other's can do whatever the other can, so the other is dropped. An unknown operation that
/// can have no effect any more is as good as used. And of unknown operations with the same input, the one
/// that was called first goes first.
struct Search {
    /// What an operation may do to a state; states are given by their numbers.
    enum Effect: Equatable {
        /// It may leave these states behind, if any.
        case states([Int])
        /// It may leave none behind, nor will it later.
        case never
    }

    typealias Step = (_ state: Int, _ operation: Int) -> Effect

    /// How a search ends.
    enum End {
        /// An order was found that explains all answers.
        case found
        /// All orders were tried.
        case exhausted
        /// The limit was reached.
        case givenUp
    }

    /// An operation in an order, and the state behind it.
    struct Link {
        let operation: Int
        let state: Int
        fileprivate let previous: Int?
    }

    /// A configuration with what is left to try from it, last first.
    private struct Frame {
        let configuration: Configuration
        var candidates: [Int]
        var candidate: Int
        var successors: [Int]
    }

    /// How many of the furthest states are kept: enough to see what the answer could have been.
    private static let stateLimit = 8

    private let timeline: Timeline
    /// Whether the operation at each index does nothing but observe.
    private let observes: [Bool]
    /// For each unknown operation, the last before it with the same input, if any, as places in the timeline.
    private let twins: [Int?]
    private let stepLimit: Int
    /// Whether unknown operations may have an effect more than once.
    ///
    /// That allows more than it should, but there are far fewer configurations: what was used makes no
    /// difference. If even so there is no order, then there is none.
    private let isLenient: Bool

    /// How many steps were taken.
    private(set) var steps = 0
    private var stack: [Frame] = []
    /// The operations of all orders in the search, as a tree.
    private var trail: [Link] = []
    /// The smallest sets of used operations with which each configuration was entered.
    private var entered: [Configuration.Key: [Bitset]] = [:]
    /// The configuration that explains the most answers, and of these one with the longest order.
    private(set) var furthest = Configuration()
    /// The states of configurations that explain as many answers, the first few of them.
    private(set) var furthestStates: [Int] = []

    /// Prepares to search with about `stepLimit` steps.
    init(_ timeline: Timeline, observes: [Bool], twins: [Int?], stepLimit: Int, isLenient: Bool) {
        self.timeline = timeline
        self.observes = observes
        self.twins = twins
        self.stepLimit = stepLimit
        self.isLenient = isLenient
    }

    /// Searches until an order is found, all are tried, or the limit is reached.
    mutating func run(_ step: Step) -> End {
        var isFound = self.enter(Configuration(), step)
        while !isFound, !self.stack.isEmpty {
            if self.steps >= self.stepLimit { return .givenUp }
            isFound = self.advance(step)
        }
        return isFound ? .found : .exhausted
    }

    /// The order of the furthest configuration.
    func order() -> [Link] {
        var links: [Link] = []
        var next = self.furthest.trail
        while let index = next {
            links.append(self.trail[index])
            next = self.trail[index].previous
        }
        return links.reversed()
    }

    /// Tries what is next from the newest configuration; returns whether that completes an order.
    private mutating func advance(_ step: Step) -> Bool {
        let top = self.stack.count - 1
        if let state = self.stack[top].successors.popLast() {
            var next = self.stack[top].configuration
            self.place(self.stack[top].candidate, leaving: state, in: &next)
            return self.enter(next, step)
        }
        guard let candidate = self.stack[top].candidates.popLast() else {
            self.stack.removeLast()
            return false
        }
        self.stack[top].candidate = candidate
        let successors = self.successors(of: self.stack[top].configuration.state, candidate, step)
        self.stack[top].successors = successors.reversed()
        return false
    }

    private mutating func successors(of state: Int, _ operation: Int, _ step: Step) -> [Int] {
        self.steps += 1
        if case .states(let states) = step(state, operation) { return states }
        return []
    }

    /// Adds the operation at `index` to the order of `configuration`.
    private mutating func place(_ index: Int, leaving state: Int, in configuration: inout Configuration) {
        let bit = self.timeline.bits[index]
        if self.timeline.isKnown[index] {
            configuration.placed.insert(bit)
            configuration.length += 1
        } else if !self.isLenient {
            configuration.used.insert(bit)
        }
        self.trail.append(Link(operation: index, state: state, previous: configuration.trail))
        configuration.state = state
        configuration.trail = self.trail.count - 1
    }
}

extension Search {
    /// Goes on from `configuration` unless that has been tried; returns whether it completes an order.
    private mutating func enter(_ configuration: Configuration, _ step: Step) -> Bool {
        var settled = configuration
        let refuted = self.settle(&settled, step)
        guard settled.moment < self.timeline.moments.count else { return true }
        let unknown = self.sortUnknown(in: &settled, step)
        guard self.isNew(settled) else {
            self.trail.removeSubrange((configuration.trail ?? 0)...)
            return false
        }
        self.note(settled)
        let bits = self.timeline.bits
        let known = self.timeline.moments[settled.moment].open.filter { index in
            !settled.placed.contains(bits[index]) && !refuted.contains(index)
        }
        // Taken from the end: first the known outcomes, the early calls first; then the unknown ones, the
        // late calls first, for most of the effects that come at all come soon.
        let candidates = unknown + known.reversed()
        self.stack.append(
            Frame(configuration: settled, candidates: candidates, candidate: 0, successors: [])
        )
        return false
    }

    /// Passes the answers of operations that are placed, and places those that observe what is there.
    ///
    /// Returns the open operations that cannot be right about the state as it is.
    private mutating func settle(_ configuration: inout Configuration, _ step: Step) -> [Int] {
        var refuted: [Int] = []
        // The state stays the same here, so of the open operations, which are in the order of their calls,
        // only those have to be looked at that were called since the answer before.
        var looked = 0
        while configuration.moment < self.timeline.moments.count {
            let moment = self.timeline.moments[configuration.moment]
            for index in moment.open.dropFirst(looked) where self.observes[index] {
                if configuration.placed.contains(self.timeline.bits[index]) { continue }
                let successors = self.successors(of: configuration.state, index, step)
                if successors.isEmpty {
                    refuted.append(index)
                } else if successors == [configuration.state] {
                    self.place(index, leaving: configuration.state, in: &configuration)
                }
            }
            let bit = self.timeline.bits[moment.returning]
            guard configuration.placed.contains(bit) else { break }
            configuration.placed.remove(bit)
            configuration.moment += 1
            looked = moment.open.count - 1
        }
        return refuted
    }

    /// The operations with unknown outcomes that may have an effect next; those that never will count as
    /// used.
    private mutating func sortUnknown(in configuration: inout Configuration, _ step: Step) -> [Int] {
        var candidates: [Int] = []
        let count = self.timeline.moments[configuration.moment].unknown
        for place in 0..<count where !configuration.used.contains(place) {
            if let twin = self.twins[place], !configuration.used.contains(twin) { continue }
            self.steps += 1
            switch step(configuration.state, self.timeline.unknown[place]) {
            case .never: configuration.used.insert(place)
            case .states(let states): if !states.isEmpty { candidates.append(self.timeline.unknown[place]) }
            }
        }
        return candidates
    }

    /// Whether no configuration was entered that can do all that this one can.
    private mutating func isNew(_ configuration: Configuration) -> Bool {
        let key = configuration.key
        let used = configuration.used
        var smallest = self.entered[key, default: []]
        if smallest.contains(where: { $0.isSubset(of: used) }) { return false }
        smallest.removeAll { used.isSubset(of: $0) }
        smallest.append(used)
        self.entered[key] = smallest
        return true
    }

    /// Remembers how far the search has come.
    private mutating func note(_ configuration: Configuration) {
        guard configuration.moment >= self.furthest.moment else { return }
        if configuration.moment > self.furthest.moment { self.furthestStates = [] }
        if configuration.moment > self.furthest.moment || configuration.length > self.furthest.length {
            self.furthest = configuration
        }
        guard self.furthestStates.count < Self.stateLimit,
            !self.furthestStates.contains(configuration.state)
        else { return }
        self.furthestStates.append(configuration.state)
    }
}
