/// What an object does when one operation at a time is applied to it.
///
/// A state may stand for several worlds, where the outside cannot tell yet which one is real: a version that
/// nobody has read, for example. An operation then narrows the state to the worlds in which its output is
/// right.
package protocol SequentialModel: Sendable {
    /// What the object remembers between operations.
    associatedtype State: Hashable & Sendable
    /// What a client asks for.
    associatedtype Input: Hashable & Sendable
    /// What a client is told.
    associatedtype Output: Sendable
    /// What parts the operations into sets that don't touch each other.
    associatedtype Key: Hashable & Sendable

    /// The state before the first operation.
    var initial: State { get }

    /// The part of the state that `input` reads and writes.
    ///
    /// Operations with different keys are checked apart, for a history is linearizable if each of its objects
    /// is (Herlihy and Wing, 1990, theorem 1). Each key starts at `initial`.
    func key(of input: Input) -> Key

    /// The states that `input` may leave behind if it answers `output`; none if it cannot answer that here.
    ///
    /// Without an output, which means that nobody knows the answer, these are the states after an effect. The
    /// checker itself allows for no effect at all, so an unchanged state need not be among them.
    func step(_ state: State, _ input: Input, _ output: Output?) -> [State]

    /// Whether an operation that answers `output` never writes, but at most narrows what is known.
    ///
    /// The checker places such an operation at once where that leaves the state as it is. A model that is not
    /// sure says false: it costs time, never a verdict.
    func isObservation(_ input: Input, _ output: Output) -> Bool

    /// Whether `input` can have no effect on `state`, nor on any state that may follow.
    ///
    /// The checker forgets such an operation if its outcome is unknown. Again, false costs only time.
    func isSpent(_ input: Input, in state: State) -> Bool
}

extension SequentialModel {
    /// False: every operation may write.
    package func isObservation(_ input: Input, _ output: Output) -> Bool { false }

    /// False: every operation may have an effect later.
    package func isSpent(_ input: Input, in state: State) -> Bool { false }
}
