/// What keys mean: the letters of the key map, or those that the operator gave in their place.
package struct KeyMap: Sendable, Equatable {
    /// Only what is not as it was made.
    private var bound: [Action: Character] = [:]

    /// Everything as it was made.
    package init() {}

    /// The key of `action`.
    func key(of action: Action) -> Character { self.bound[action] ?? action.key }

    /// The key for what `letter` is made for.
    func shown(_ letter: Character) -> Character {
        Action.allCases.first { $0.key == letter }.map { self.key(of: $0) } ?? letter
    }

    /// The key that was made for what `key` means now; nil where that is nothing any more.
    func meaning(of key: Key) -> Key? {
        guard !self.bound.isEmpty, case .character(let letter) = key else { return key }
        if let action = self.bound.first(where: { $0.value == letter })?.key { return .character(action.key) }
        // The letter's own action may have moved away.
        let own = Action.allCases.first { $0.key == letter }
        return own.map { self.bound[$0] == nil } == false ? nil : key
    }

    /// What was given another key, in the order of the key map.
    var changes: [(action: Action, key: Character)] {
        Action.allCases.compactMap { action in self.bound[action].map { (action, $0) } }
    }

    /// Gives `action` another key; two actions may have the same until `settle`.
    mutating func bind(_ action: Action, to key: Character) {
        self.bound[action] = key == action.key ? nil : key
    }

    /// Takes back the bindings that clash, the last first; returns each with the action that has the key.
    mutating func settle(_ order: [Action]) -> [(action: Action, key: Character, other: Action)] {
        var refused: [(action: Action, key: Character, other: Action)] = []
        while let clash = self.clash(order) {
            refused.append(clash)
            self.bound[clash.action] = nil
        }
        return refused
    }

    /// The last of the bindings whose key another action has too.
    private func clash(_ order: [Action]) -> (action: Action, key: Character, other: Action)? {
        for action in order.reversed() {
            guard let key = self.bound[action] else { continue }
            if let other = Action.allCases.first(where: { $0 != action && self.key(of: $0) == key }) {
                return (action, key, other)
            }
        }
        return nil
    }

    /// A hint, `S:scale`, with the key that has it now.
    func hint(_ text: String) -> String {
        guard let letter = text.first, text.dropFirst().first == ":" else { return text }
        return String(self.shown(letter)) + text.dropFirst()
    }

    /// Keys in a line of help, `o O < >  c  w`, as they are now.
    func hints(_ keys: String) -> String {
        keys.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard let letter = word.first, word.dropFirst().allSatisfy({ $0 == "," }) else {
                return String(word)
            }
            return String(self.shown(letter)) + word.dropFirst()
        }.joined(separator: " ")
    }
}
