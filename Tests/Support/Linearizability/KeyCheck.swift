/// The check of the operations of one key.
struct KeyCheck<Model: SequentialModel> {
    private let operations: [Operation<Model.Input, Model.Output>]
    private let timeline: Timeline
    private let observes: [Bool]
    private let twins: [Int?]
    private let stepLimit: Int
    private var table: StateTable<Model>

    /// Prepares to check `operations` with about `stepLimit` steps.
    init(_ model: Model, _ operations: [Operation<Model.Input, Model.Output>], stepLimit: Int) {
        self.operations = operations
        self.timeline = Timeline(operations.map { ($0.called, $0.returned) })
        self.table = StateTable(model, operations)
        self.observes = operations.map { operation in
            operation.output.map { model.isObservation(operation.input, $0) } ?? false
        }
        var latest: [Model.Input: Int] = [:]
        self.twins = self.timeline.unknown.enumerated().map { place, index in
            latest.updateValue(place, forKey: operations[index].input)
        }
        self.stepLimit = stepLimit
    }

    /// The verdict about these operations.
    ///
    /// A search that is given up is followed by a lenient one, which often ends, and can only say no.
    mutating func verdict() -> Verdict<Model> {
        var search = self.search(isLenient: false)
        switch search.run({ self.table.step($0, $1) }) {
        case .found: return .linearizable
        case .exhausted: return .notLinearizable(self.furthest(of: search))
        case .givenUp where self.timeline.unknown.isEmpty:
            return .unknown(steps: search.steps, furthest: self.furthest(of: search))
        case .givenUp: break
        }
        var lenient = self.search(isLenient: true)
        switch lenient.run({ self.table.step($0, $1) }) {
        case .exhausted: return .notLinearizable(self.furthest(of: lenient))
        case .found, .givenUp: return .unknown(steps: search.steps, furthest: self.furthest(of: search))
        }
    }

    private func search(isLenient: Bool) -> Search {
        Search(
            self.timeline,
            observes: self.observes,
            twins: self.twins,
            stepLimit: self.stepLimit,
            isLenient: isLenient
        )
    }

    /// How far `search` got.
    private func furthest(of search: Search) -> Counterexample<Model> {
        let furthest = search.furthest
        let moment = self.timeline.moments[furthest.moment]
        let underWay = moment.open + self.timeline.unknown.prefix(moment.unknown)
        let unplaced = underWay.filter { index in
            let placed = self.timeline.isKnown[index] ? furthest.placed : furthest.used
            return index != moment.returning && !placed.contains(self.timeline.bits[index])
        }
        let order = search.order()
        return Counterexample(
            placed: order.map {
                .init(operation: self.operations[$0.operation], state: self.table.states[$0.state])
            },
            blocked: self.operations[moment.returning],
            unplaced: unplaced.map { self.operations[$0] }.sorted { $0.called < $1.called },
            states: search.furthestStates.map { self.table.states[$0] }
        )
    }
}
