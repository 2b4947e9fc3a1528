/// One number that is read, written, and compared and swapped.
package struct RegisterModel: SequentialModel {
    /// What a client of a register asks for.
    package enum Input: Hashable, Sendable {
        /// Tell the number.
        case read
        /// Replace it, whatever it is.
        case write(Int)
        /// Replace it if it is `old`.
        case swap(old: Int, new: Int)
    }

    /// What a client of a register is told.
    package enum Output: Hashable, Sendable {
        /// The number, or that none was written yet.
        case value(Int?)
        /// The number was replaced.
        case written
        /// The number is another one, and stays.
        case mismatch
    }

    /// Nothing is written.
    package let initial: Int? = nil

    /// Makes the model of a register without a number.
    package init() {}

    /// The same for all: there is one register.
    package func key(of input: Input) -> Bool { true }

    package func step(_ state: Int?, _ input: Input, _ output: Output?) -> [Int?] {
        switch (input, output) {
        case (.read, .value(state)): [state]
        case (.write(let value), .written), (.write(let value), nil): [value]
        case (.swap(state, let new), .written), (.swap(state, let new), nil): [new]
        case (.swap(let old, _), .mismatch) where old != state: [state]
        case (.read, _), (.write, _), (.swap, _): []
        }
    }

    package func isObservation(_ input: Input, _ output: Output) -> Bool {
        switch output {
        case .value, .mismatch: true
        case .written: false
        }
    }

    package func isSpent(_ input: Input, in state: Int?) -> Bool { input == .read }
}
