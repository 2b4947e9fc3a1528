/// Reads the words of a line one after the other.
struct WordReader {
    /// Why a line cannot be read.
    struct Mistake: Error {
        let reason: String
    }

    private var rest: ArraySlice<Word>

    init(_ line: some Collection<UInt8>) throws(Mistake) {
        guard let words = Word.split(line) else { throw Mistake(reason: "a quote is not closed") }
        self.rest = words[...]
    }

    /// The next word, as a text.
    mutating func text(_ what: String) throws(Mistake) -> String {
        guard let word = self.rest.popFirst() else { throw Mistake(reason: "no \(what)") }
        return word.text
    }

    /// The next word, as a text unless it is a dash.
    mutating func optionalText(_ what: String) throws(Mistake) -> String? {
        let isNone = self.rest.first == .bare("-")
        let text = try self.text(what)
        return isNone ? nil : text
    }

    /// The next word, as a number.
    mutating func number<Number: FixedWidthInteger>(_ what: String) throws(Mistake) -> Number {
        let text = try self.text(what)
        guard let number = Number(text) else { throw Mistake(reason: "\(what) is '\(text)', not a number") }
        return number
    }

    /// The next word, which has to be this one.
    mutating func expect(_ mark: String) throws(Mistake) {
        let text = try self.text(mark)
        guard text == mark else { throw Mistake(reason: "'\(text)' instead of '\(mark)'") }
    }

    /// Checks that no word is left.
    func finish() throws(Mistake) {
        if let word = self.rest.first { throw Mistake(reason: "'\(word.text)' is too much") }
    }
}
