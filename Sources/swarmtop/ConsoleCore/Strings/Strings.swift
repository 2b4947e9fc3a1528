/// What the console says, in one language.
///
/// Every entry of the table has its words in all languages beside each other, so that the compiler refuses one that
/// lacks a language. Those with values are functions: the order of words differs from language to language. What an
/// operator types or looks for (commands, states, the API's own words) is the same in every language.
struct Strings: Sendable, Equatable {
    let language: Language

    init(_ language: Language) { self.language = language }

    /// Chooses the words of the language.
    func text(_ english: @autoclosure () -> String, _ chinese: @autoclosure () -> String) -> String {
        switch self.language {
        case .english: english()
        case .chinese: chinese()
        }
    }

    /// Several words after each other, as a list is read.
    func list(_ words: [String]) -> String { words.joined(separator: self.text(", ", "、")) }

    /// Two things, or more.
    func both(_ words: [String]) -> String { words.joined(separator: self.text(" and ", " 和 ")) }
}

extension Model {
    /// What the console says.
    var strings: Strings { Strings(self.language) }

    /// Goes over to `language`.
    package mutating func speak(_ language: Language) { self.language = language }
}

extension Painting {
    /// What the console says.
    var strings: Strings { self.model.strings }
}
