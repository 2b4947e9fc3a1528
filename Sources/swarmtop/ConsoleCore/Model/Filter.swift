/// What `/` asks for: words that must all hold; `!word` must not; `field:word` looks into one column, and `~word` is
/// a regular expression.
struct Filter: Sendable, Equatable {
    private struct Term: Sendable, Equatable {
        var negated: Bool
        var field: String?
        var needle: [UInt8]
        /// In place of the needle.
        var pattern: Pattern?
    }

    /// No operator types more.
    static let textLimit = 200

    /// Letters of a name in their order are enough: `sch` finds search.
    var isFuzzy = false
    var text: String { didSet { self.parse() } }
    /// What is wrong with a pattern; nothing is filtered until it is right.
    private(set) var fault: Pattern.Fault?
    private var terms: [Term] = []

    init(_ text: String = "") {
        self.text = text
        self.parse()
    }

    var isEmpty: Bool { self.terms.isEmpty }

    /// Tells whether an object with these fields is wanted; letters' case does not matter.
    func accepts(_ fields: [(name: String, value: String)]) -> Bool {
        self.terms.allSatisfy { term in
            let found = fields.contains { field in
                (term.field == nil || field.name == term.field) && self.finds(term, in: field)
            }
            return found != term.negated
        }
    }

    private func finds(_ term: Term, in field: (name: String, value: String)) -> Bool {
        if let pattern = term.pattern { return pattern.isFound(in: field.value) }
        if Self.contains(field.value, term.needle) { return true }
        // Of long texts almost anything is a part in this sense.
        guard self.isFuzzy, !term.negated, field.name == "name" else { return false }
        var rest = term.needle[...]
        for byte in field.value.lowercased().utf8 where byte == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }

    private mutating func parse() {
        do throws(Pattern.Fault) {
            self.terms = try Self.terms(of: self.text)
            self.fault = nil
        } catch {
            self.terms = []
            self.fault = error
        }
    }

    private static func terms(of text: String) throws(Pattern.Fault) -> [Term] {
        var terms: [Term] = []
        for word in text.split(separator: " ") {
            if let term = try Self.term(of: word) { terms.append(term) }
        }
        return terms
    }

    private static func term(of word: Substring) throws(Pattern.Fault) -> Term? {
        var word = word
        let negated = word.hasPrefix("!")
        if negated { word.removeFirst() }
        var field: String?
        if let colon = word.firstIndex(of: ":"), colon != word.startIndex {
            let name = word[..<colon].lowercased()
            if Self.fields.contains(name) {
                field = name
                word = word[word.index(after: colon)...]
            }
        }
        guard !word.isEmpty, word != "~" else { return nil }
        guard word.hasPrefix("~") else {
            return Term(negated: negated, field: field, needle: Array(word.lowercased().utf8))
        }
        return Term(negated: negated, field: field, needle: [], pattern: try Pattern(word.dropFirst()))
    }

    /// The fields of all views; another word before a colon (`image:5.1`) is plain text.
    private static let fields: Set<String> = [
        "name", "role", "status", "avail", "label", "engine", "mode", "image", "update", "service", "slot",
        "node", "want", "state", "error", "id", "addr", "cert", "kind", "level", "what", "target", "driver",
        "subnet",
        "scope",
    ]

    private static func contains(_ text: String, _ needle: [UInt8]) -> Bool {
        let text = Array((text.utf8.allSatisfy { $0 < 0x80 } ? text : text.lowercased()).utf8)
        guard text.count >= needle.count else { return false }
        for start in 0...(text.count - needle.count) {
            var length = 0
            while length < needle.count, Self.lower(text[start + length]) == needle[length] { length += 1 }
            if length == needle.count { return true }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
}
