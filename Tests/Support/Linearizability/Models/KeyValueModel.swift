/// Texts under keys, each empty at first, that are read, replaced and appended to.
package struct KeyValueModel: SequentialModel {
    /// What a client asks of a text.
    package enum Action: Hashable, Sendable {
        /// Tell the text.
        case get
        /// Replace the text.
        case put(String)
        /// Add to the end of the text.
        case append(String)
    }

    /// What a client asks for.
    package struct Input: Hashable, Sendable {
        /// The text's key.
        package let key: String
        /// What is asked of the text.
        package let action: Action

        /// Asks for `action` on the text under `key`.
        package init(key: String, _ action: Action) {
            self.key = key
            self.action = action
        }
    }

    /// What a client is told.
    package enum Output: Hashable, Sendable {
        /// The whole text.
        case value(String)
        /// The text was changed.
        case written
    }

    /// The empty text.
    package let initial = ""

    /// Makes the model of texts that are all empty.
    package init() {}

    package func key(of input: Input) -> String { input.key }

    package func step(_ state: String, _ input: Input, _ output: Output?) -> [String] {
        switch (input.action, output) {
        case (.get, .value(state)): [state]
        case (.put(let text), .written), (.put(let text), nil): [text]
        case (.append(let text), .written), (.append(let text), nil): [state + text]
        case (.get, _), (.put, _), (.append, _): []
        }
    }

    package func isObservation(_ input: Input, _ output: Output) -> Bool { input.action == .get }

    package func isSpent(_ input: Input, in state: String) -> Bool { input.action == .get }
}
