/// Decides whether a history of concurrent operations is linearizable.
///
/// It is when each operation can be thought to happen at one point between its call and its answer, such that
/// the operations, in the order of these points, do what the model says. The search is that of Wing and Gong
/// (1993) with Lowe's improvements (2017): an operation is placed just when an answer calls for it, and no
/// configuration is tried twice.
///
///     let verdict = HistoryChecker(ControlModel()).check(history)
package struct HistoryChecker<Model: SequentialModel>: Sendable {
    /// The steps that the search may take for each key unless it is told otherwise.
    ///
    /// Ordinary histories take a few steps for each operation; a million is seconds in a debug build.
    package static var defaultStepLimit: Int { 1_000_000 }

    private let model: Model
    private let stepLimit: Int

    /// Makes a checker against `model` whose search takes about `stepLimit` steps for each key at most.
    ///
    /// The limit counts steps and not time, so that a verdict is the same everywhere.
    package init(_ model: Model, stepLimit: Int = Self.defaultStepLimit) {
        self.model = model
        self.stepLimit = stepLimit
    }

    /// The verdict over all keys.
    ///
    /// One key that is not linearizable decides, the first in the order of the history; next counts a key
    /// whose search was given up.
    package func check(_ history: [Operation<Model.Input, Model.Output>]) -> Verdict<Model> {
        var givenUp: Verdict<Model>?
        for part in self.parts(of: history) {
            var check = KeyCheck(self.model, part, stepLimit: self.stepLimit)
            let verdict = check.verdict()
            switch verdict {
            case .linearizable: break
            case .notLinearizable: return verdict
            case .unknown: givenUp = givenUp ?? verdict
            }
        }
        return givenUp ?? .linearizable
    }

    /// The operations of each key, in the order in which the keys first appear.
    private func parts(
        of history: [Operation<Model.Input, Model.Output>]
    ) -> [[Operation<Model.Input, Model.Output>]] {
        var places: [Model.Key: Int] = [:]
        var parts: [[Operation<Model.Input, Model.Output>]] = []
        for operation in history {
            let key = self.model.key(of: operation.input)
            if let place = places[key] {
                parts[place].append(operation)
            } else {
                places[key] = parts.count
                parts.append([operation])
            }
        }
        return parts
    }
}
