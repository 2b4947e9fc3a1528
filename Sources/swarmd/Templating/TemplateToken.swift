/// A word of a template.
struct TemplateToken: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case text([UInt8])
        /// The braces around an action.
        case open, close
        /// Blanks, which tell operands apart.
        case space
        case pipe, comma, leftParenthesis, rightParenthesis
        /// `:=` and `=`.
        case declare, assign
        case dot
        /// `.Name`, without its dot.
        case field(String)
        /// `$name`, without its sign; empty for the root.
        case variable(String)
        /// The name of a function.
        case identifier(String)
        case keyword(Keyword)
        case literal(TemplateValue)
        case end
    }

    enum Keyword: String, Sendable {
        case `if`, `else`, end, range, with, define, template, block, `break`, `continue`
    }

    var kind: Kind
    /// Where it begins, in bytes from the template's beginning.
    var offset: Int

    /// The word as messages name it.
    var name: String {
        switch self.kind {
        case .text: "text"
        case .open: "{{"
        case .close: "}}"
        case .space: "a blank"
        case .pipe: "|"
        case .comma: ","
        case .leftParenthesis: "("
        case .rightParenthesis: ")"
        case .declare: ":="
        case .assign: "="
        case .dot: "."
        case .field(let name): ".\(name)"
        case .variable(let name): "$\(name)"
        case .identifier(let name): name
        case .keyword(let word): "{{\(word.rawValue)}}"
        case .literal(let value): value.inMessages
        case .end: "the end of the text"
        }
    }
}
