import Linearizability

/// The definition of linearizability, tried out literally: for histories of a few operations.
struct PlainCheck<Model: SequentialModel> {
    private let model: Model
    private let history: [Operation<Model.Input, Model.Output>]

    init(_ model: Model, _ history: [Operation<Model.Input, Model.Output>]) {
        self.model = model
        self.history = history
    }

    var isLinearizable: Bool { self.canFinish(Array(self.history.indices), from: self.model.initial) }

    /// Whether the operations at the indices `rest` can all be placed, or left out where they may be.
    private func canFinish(_ rest: [Int], from state: Model.State) -> Bool {
        guard let deadline = rest.compactMap({ self.history[$0].returned }).min() else { return true }
        return rest.contains { index in
            let operation = self.history[index]
            guard operation.called <= deadline else { return false }
            let others = rest.filter { $0 != index }
            return self.model.step(state, operation.input, operation.output).contains {
                self.canFinish(others, from: $0)
            }
        }
    }
}
