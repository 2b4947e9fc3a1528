/// Help whose examples can be copied: the parser breaks lines at blanks, in the middle of a command too.
enum HelpText {
    private static let solid: Character = "\u{00A0}"

    /// `text` whose examples, the indented lines, stay whole.
    static func keepingExamples(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("  ") ? String($0.map { $0 == " " ? Self.solid : $0 }) : String($0) }
            .joined(separator: "\n")
    }

    /// What is printed of the parser's help.
    static func printed(_ text: String) -> String { String(text.map { $0 == Self.solid ? " " : $0 }) }
}
