/// The states of a model that a search has met, each with a number, and what operations make of them.
///
/// The search works on the numbers alone. So it is not generic, which makes it several times as fast in a
/// debug build, and the model is never asked the same twice.
struct StateTable<Model: SequentialModel> {
    private struct Question: Hashable {
        let state: Int
        let operation: Int
    }

    private let model: Model
    private let operations: [Operation<Model.Input, Model.Output>]
    /// The states by their numbers.
    private(set) var states: [Model.State]
    private var numbers: [Model.State: Int]
    private var answers: [Question: Search.Effect] = [:]

    /// Knows the initial state, which gets the number 0.
    init(_ model: Model, _ operations: [Operation<Model.Input, Model.Output>]) {
        self.model = model
        self.operations = operations
        self.states = [model.initial]
        self.numbers = [model.initial: 0]
    }

    /// What the operation at `index` may do to the state with the number `state`.
    mutating func step(_ state: Int, _ index: Int) -> Search.Effect {
        let question = Question(state: state, operation: index)
        if let known = self.answers[question] { return known }
        let effect = self.effect(of: self.operations[index], on: self.states[state])
        self.answers[question] = effect
        return effect
    }

    private mutating func effect(
        of operation: Operation<Model.Input, Model.Output>,
        on state: Model.State
    ) -> Search.Effect {
        let successors = self.model.step(state, operation.input, operation.output)
        if successors.isEmpty, operation.returned == nil, self.model.isSpent(operation.input, in: state) {
            return .never
        }
        return .states(successors.map { self.number(of: $0) })
    }

    private mutating func number(of state: Model.State) -> Int {
        if let number = self.numbers[state] { return number }
        self.numbers[state] = self.states.count
        self.states.append(state)
        return self.states.count - 1
    }
}
