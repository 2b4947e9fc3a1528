/// Cuts a template into its words (Go `text/template/parse/lex.go`).
struct TemplateLexer {
    static let brace: UInt8 = 0x7b
    private static let endBrace: UInt8 = 0x7d
    private static let dash: UInt8 = 0x2d

    let source: [UInt8]
    var position = 0
    private var tokens: [TemplateToken] = []
    /// How many parentheses are open in the action.
    private var parentheses = 0

    private init(_ source: [UInt8]) { self.source = source }

    /// The words of `source`; the last one is its end.
    static func tokens(of source: [UInt8]) throws(TemplateError) -> [TemplateToken] {
        var lexer = Self(source)
        while try lexer.text() { try lexer.action() }
        lexer.add(.end, from: source.count)
        return lexer.tokens
    }

    mutating func add(_ kind: TemplateToken.Kind, from offset: Int) {
        self.tokens.append(TemplateToken(kind: kind, offset: offset))
    }

    func fault(_ message: String, at offset: Int) -> TemplateError {
        TemplateError(message, at: offset, in: self.source)
    }

    func byte(_ ahead: Int = 0) -> UInt8? {
        let index = self.position + ahead
        return index < self.source.count ? self.source[index] : nil
    }

    private func isAt(_ text: StaticString, _ ahead: Int = 0) -> Bool {
        text.withUTF8Buffer { buffer in
            let start = self.position + ahead
            return start + buffer.count <= self.source.count
                && self.source[start..<start + buffer.count].elementsEqual(buffer)
        }
    }

    static func isBlank(_ byte: UInt8?) -> Bool {
        switch byte {
        case 0x20?, 0x09?, 0x0a?, 0x0d?: true
        default: false
        }
    }

    static func isWord(_ byte: UInt8?) -> Bool {
        switch byte {
        case .some(0x30...0x39), .some(0x41...0x5a), .some(0x61...0x7a), 0x5f?, .some(0x80...): true
        default: false
        }
    }
}

// MARK: - Text and braces

extension TemplateLexer {
    /// Takes the text up to the next action; false where there is none.
    private mutating func text() throws(TemplateError) -> Bool {
        let start = self.position
        while self.position < self.source.count, !self.isAt("{{") { self.position += 1 }
        var end = self.position
        let hasAction = self.position < self.source.count
        if hasAction, self.isLeftTrim {
            while end > start, Self.isBlank(self.source[end - 1]) { end -= 1 }
        }
        if end > start { self.add(.text(Array(self.source[start..<end])), from: start) }
        return hasAction
    }

    /// Whether the braces here swallow the blanks before them: `{{- `.
    private var isLeftTrim: Bool { self.byte(2) == Self.dash && Self.isBlank(self.byte(3)) }

    /// Whether an action ends here, and how long the end is: `}}`, or ` -}}`, which swallows the blanks after it.
    private var actionEnd: (length: Int, trims: Bool)? {
        if self.isAt("}}") { return (2, false) }
        if Self.isBlank(self.byte()), self.isAt("-}}", 1) { return (4, true) }
        return nil
    }

    private mutating func action() throws(TemplateError) {
        let start = self.position
        self.position += self.isLeftTrim ? 4 : 2
        if self.isAt("/*") { return try self.comment(from: start) }
        self.add(.open, from: start)
        self.parentheses = 0
        while true {
            if let end = self.actionEnd {
                guard self.parentheses == 0 else {
                    throw self.fault("a parenthesis is not closed", at: self.position)
                }
                self.add(.close, from: self.position)
                return self.leave(end)
            }
            guard self.position < self.source.count else {
                throw self.fault("an action is not closed", at: start)
            }
            try self.word()
        }
    }

    private mutating func comment(from start: Int) throws(TemplateError) {
        self.position += 2
        while self.position < self.source.count, !self.isAt("*/") { self.position += 1 }
        guard self.position < self.source.count else {
            throw self.fault("a comment is not closed", at: start)
        }
        self.position += 2
        guard let end = self.actionEnd else {
            throw self.fault("a comment ends before its action does", at: start)
        }
        self.leave(end)
    }

    private mutating func leave(_ end: (length: Int, trims: Bool)) {
        self.position += end.length
        guard end.trims else { return }
        while Self.isBlank(self.byte()) { self.position += 1 }
    }
}

// MARK: - Words of an action

extension TemplateLexer {
    private mutating func word() throws(TemplateError) {
        let start = self.position
        guard let byte = self.byte() else { return }
        switch byte {
        case _ where Self.isBlank(byte):
            while Self.isBlank(self.byte()), self.actionEnd == nil { self.position += 1 }
            self.add(.space, from: start)
        case UInt8(ascii: "|"): self.sign(.pipe)
        case UInt8(ascii: ","): self.sign(.comma)
        case UInt8(ascii: "="): self.sign(.assign)
        case UInt8(ascii: ":"):
            guard self.byte(1) == UInt8(ascii: "=") else {
                throw self.fault("a colon is followed by =", at: start)
            }
            self.position += 1
            self.sign(.declare, from: start)
        case UInt8(ascii: "("):
            self.parentheses += 1
            self.sign(.leftParenthesis)
        case UInt8(ascii: ")"):
            self.parentheses -= 1
            guard self.parentheses >= 0 else { throw self.fault("a parenthesis was not opened", at: start) }
            self.sign(.rightParenthesis)
        case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "'"): try self.quoted()
        case UInt8(ascii: "$"): self.add(.variable(try self.name(from: start + 1)), from: start)
        case UInt8(ascii: "."):
            if let next = self.byte(1), (0x30...0x39).contains(next) { return try self.number() }
            let name = try self.name(from: start + 1)
            self.add(name.isEmpty ? .dot : .field(name), from: start)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), 0x30...0x39: try self.number()
        case _ where Self.isWord(byte): self.add(Self.kind(of: try self.name(from: start)), from: start)
        default: throw self.fault("\(Self.shown(byte)) has no meaning in an action", at: start)
        }
    }

    private mutating func sign(_ kind: TemplateToken.Kind, from offset: Int? = nil) {
        self.add(kind, from: offset ?? self.position)
        self.position += 1
    }

    /// Takes the letters and digits from `start`; what follows a name must not look like a part of it.
    private mutating func name(from start: Int) throws(TemplateError) -> String {
        self.position = start
        while Self.isWord(self.byte()) { self.position += 1 }
        let follower = self.byte()
        let isEnd: Bool =
            switch follower {
            case nil, 0x2e?, 0x2c?, 0x7c?, 0x3a?, 0x28?, 0x29?, 0x3d?: true
            default: Self.isBlank(follower) || self.isAt("}}")
            }
        guard isEnd else {
            throw self.fault("\(Self.shown(follower ?? 0)) cannot follow a name", at: self.position)
        }
        return String(decoding: self.source[start..<self.position], as: UTF8.self)
    }

    private static func kind(of name: String) -> TemplateToken.Kind {
        switch name {
        case "true": .literal(.truth(true))
        case "false": .literal(.truth(false))
        case "nil": .literal(.nothing)
        default: TemplateToken.Keyword(rawValue: name).map { .keyword($0) } ?? .identifier(name)
        }
    }

    static func shown(_ byte: UInt8) -> String {
        (0x21...0x7e).contains(byte) ? String(UnicodeScalar(byte)) : "byte \(byte)"
    }
}
