/// A regular expression that is looked for anywhere in a text, whatever the case of its letters.
///
/// All ways through the pattern are followed at once, so the time grows with the length of the text and of the
/// pattern alone: no pattern that an operator types can make the console stand still.
struct Pattern: Sendable, Equatable {
    /// Why a text is no pattern.
    enum Fault: Error, Equatable {
        case closedGroup, openGroup, openSet, openCount
        case tooDeep, tooLarge
        case repeatsNothing(Unicode.Scalar)
        case escapeAtEnd
        case unknownEscape(Unicode.Scalar)
        /// What an inverted set is not to stand in.
        case escapeInSet(Unicode.Scalar)
        case reversed(Unicode.Scalar, Unicode.Scalar)
        case noCount(String)
        case countTooLarge(String, limit: Int)
    }

    /// What one place of the compiled pattern does.
    enum Step: Sendable, Equatable {
        /// Takes one character of the set.
        case one(ScalarSet)
        /// Goes on at both places.
        case split(Int, Int)
        case jump(Int)
        case start, end
        /// Between a word and what is none; or, when false, not there.
        case border(Bool)
        case match
    }

    private let steps: [Step]

    /// Compiles `text`; throws what is wrong with it.
    init(_ text: some StringProtocol) throws(Fault) {
        var parser = PatternParser(text)
        self.steps = try PatternProgram.steps(of: parser.parse())
    }

    /// Tells whether some part of `text` fits.
    func isFound(in text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var now = Places(count: self.steps.count)
        var next = Places(count: self.steps.count)
        for position in 0...scalars.count {
            // A match may begin at every place.
            if self.follow(0, scalars, position, &now) { return true }
            guard position < scalars.count else { break }
            next.clear()
            for place in now.list {
                guard case .one(let set) = self.steps[place], set.contains(scalars[position]) else {
                    continue
                }
                if self.follow(place + 1, scalars, position + 1, &next) { return true }
            }
            swap(&now, &next)
        }
        return false
    }

    /// Adds `place` and those that are reached from it without a character; returns whether one is the end.
    private func follow(
        _ place: Int,
        _ text: [Unicode.Scalar],
        _ position: Int,
        _ places: inout Places
    ) -> Bool {
        var open = [place]
        while let place = open.popLast() {
            guard places.insert(place) else { continue }
            switch self.steps[place] {
            case .match: return true
            case .one: break
            case .jump(let target): open.append(target)
            case .split(let first, let second): open += [second, first]
            case .start: if position == 0 { open.append(place + 1) }
            case .end: if position == text.count { open.append(place + 1) }
            case .border(let wanted):
                let before = position > 0 && ScalarSet.word.contains(text[position - 1])
                let after = position < text.count && ScalarSet.word.contains(text[position])
                if (before != after) == wanted { open.append(place + 1) }
            }
        }
        return false
    }
}

/// Places of a program, each once.
private struct Places {
    private(set) var list: [Int] = []
    private var known: [Bool]

    init(count: Int) { self.known = Array(repeating: false, count: count) }

    /// Adds `place`; returns false when it was there.
    mutating func insert(_ place: Int) -> Bool {
        guard !self.known[place] else { return false }
        self.known[place] = true
        self.list.append(place)
        return true
    }

    mutating func clear() {
        for place in self.list { self.known[place] = false }
        self.list.removeAll(keepingCapacity: true)
    }
}
