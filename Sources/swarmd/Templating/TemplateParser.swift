/// Makes statements of a template's words (Go `text/template/parse/parse.go`).
struct TemplateParser {
    private let tokens: [TemplateToken]
    private let source: [UInt8]
    let functions: Set<String>
    private var index = 0
    private var program = TemplateProgram()
    /// The variables that are known at this place; the root has the empty name.
    var variables = [""]
    private var depth = 0
    private var loops = 0

    /// What ended a list of statements.
    private enum Ending { case text, end, otherwise }

    init(tokens: [TemplateToken], functions: Set<String>, source: [UInt8]) {
        self.tokens = tokens
        self.functions = functions
        self.source = source
    }

    mutating func parsed() throws(TemplateError) -> TemplateProgram {
        while true {
            let start = self.peek
            let (nodes, ending) = try self.statements(atTop: true)
            self.program.main += nodes
            switch ending {
            case .text: return self.program
            case .end, .otherwise:
                throw self.fault("an {{end}} or {{else}} belongs to nothing", at: start.offset)
            }
        }
    }

    // MARK: Words

    /// The next word; the last one is the text's end, and stays.
    var peek: TemplateToken { self.tokens[self.index] }

    @discardableResult
    mutating func next() -> TemplateToken {
        let token = self.tokens[self.index]
        if self.index < self.tokens.count - 1 { self.index += 1 }
        return token
    }

    mutating func skipSpace() { if self.peek.kind == .space { self.next() } }

    func fault(_ message: String, at offset: Int) -> TemplateError {
        TemplateError(message, at: offset, in: self.source)
    }

    /// Notes that something stands in something else.
    mutating func enter() throws(TemplateError) {
        self.depth += 1
        guard self.depth <= TemplateLimits.depth else {
            throw self.fault(
                "more than \(TemplateLimits.depth) levels stand in one another",
                at: self.peek.offset
            )
        }
    }

    mutating func leave() { self.depth -= 1 }

    private mutating func expectClose(after what: String) throws(TemplateError) {
        self.skipSpace()
        let token = self.next()
        guard token.kind == .close else {
            throw self.fault("unexpected \(token.name) in \(what)", at: token.offset)
        }
    }
}

// MARK: - Statements

extension TemplateParser {
    /// Reads up to an `end`, an `else` or the text's end.
    private mutating func statements(
        atTop: Bool = false
    ) throws(TemplateError) -> (nodes: [TemplateNode], ending: Ending) {
        var nodes: [TemplateNode] = []
        while true {
            let token = self.next()
            switch token.kind {
            case .text(let bytes): nodes.append(.text(bytes))
            case .end: return (nodes, .text)
            default:
                self.skipSpace()
                guard case .keyword(let word) = self.peek.kind else {
                    nodes.append(.action(try self.pipeline(of: "an action", upTo: .close)))
                    continue
                }
                let offset = self.next().offset
                switch word {
                case .end:
                    try self.expectClose(after: "{{end}}")
                    return (nodes, .end)
                case .else: return (nodes, .otherwise)
                case .define:
                    guard atTop else { throw self.fault("{{define}} stands within nothing else", at: offset) }
                    try self.definition()
                default: nodes.append(try self.statement(word, at: offset))
                }
            }
        }
    }

    private mutating func statement(
        _ word: TemplateToken.Keyword,
        at offset: Int
    ) throws(TemplateError) -> TemplateNode {
        switch word {
        case .if: return .condition(try self.branch(word, at: offset))
        case .with: return .with(try self.branch(word, at: offset))
        case .range: return .range(try self.branch(word, at: offset))
        case .template: return try self.call(at: offset)
        case .block:
            let name = try self.templateName(after: "{{block}}")
            let argument = try self.pipeline(of: "{{block}}", upTo: .close)
            try self.body(of: name, at: offset)
            return .template(name: name, argument: argument, offset: offset)
        case .break, .continue:
            guard self.loops > 0 else {
                throw self.fault("{{\(word.rawValue)}} stands in no {{range}}", at: offset)
            }
            try self.expectClose(after: "{{\(word.rawValue)}}")
            return word == .break ? .leaveLoop : .nextRound
        case .else, .end, .define: throw self.fault("unexpected {{\(word.rawValue)}}", at: offset)
        }
    }

    private mutating func branch(
        _ word: TemplateToken.Keyword,
        at offset: Int
    ) throws(TemplateError) -> TemplateBranch {
        try self.enter()
        let known = self.variables.count
        let what = "{{\(word.rawValue)}}"
        let pipeline = try self.pipeline(of: what, upTo: .close, mostVariables: word == .range ? 2 : 1)
        if word == .range { self.loops += 1 }
        let (body, ending) = try self.statements()
        if word == .range { self.loops -= 1 }
        var otherwise: [TemplateNode] = []
        switch ending {
        case .end: break
        case .text: throw self.fault("\(what) has no {{end}}", at: offset)
        case .otherwise: otherwise = try self.alternative(to: word, at: offset)
        }
        self.variables.removeSubrange(known...)
        self.leave()
        return TemplateBranch(pipeline: pipeline, body: body, otherwise: otherwise)
    }

    /// What follows an `else`: `{{else if}}` is a statement that shares its end.
    private mutating func alternative(
        to word: TemplateToken.Keyword,
        at offset: Int
    ) throws(TemplateError) -> [TemplateNode] {
        self.skipSpace()
        if word != .range, self.peek.kind == .keyword(word) {
            let start = self.next().offset
            return [try self.statement(word, at: start)]
        }
        try self.expectClose(after: "{{else}}")
        let (nodes, ending) = try self.statements()
        switch ending {
        case .end: return nodes
        case .otherwise: throw self.fault("{{\(word.rawValue)}} has two {{else}}", at: offset)
        case .text: throw self.fault("{{\(word.rawValue)}} has no {{end}}", at: offset)
        }
    }

    // MARK: Templates in the template

    private mutating func templateName(after what: String) throws(TemplateError) -> String {
        self.skipSpace()
        let token = self.next()
        guard case .literal(.text(let name)) = token.kind else {
            throw self.fault("a name in quotes follows \(what), not \(token.name)", at: token.offset)
        }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func definition() throws(TemplateError) {
        let offset = self.peek.offset
        let name = try self.templateName(after: "{{define}}")
        try self.expectClose(after: "{{define}}")
        try self.body(of: name, at: offset)
    }

    private mutating func body(of name: String, at offset: Int) throws(TemplateError) {
        try self.enter()
        let (known, loops) = (self.variables, self.loops)
        (self.variables, self.loops) = ([""], 0)
        let (nodes, ending) = try self.statements()
        guard ending == .end else { throw self.fault("template \"\(name)\" has no {{end}}", at: offset) }
        (self.variables, self.loops) = (known, loops)
        guard self.program.named.updateValue(nodes, forKey: name) == nil else {
            throw self.fault("template \"\(name)\" is defined twice", at: offset)
        }
        self.leave()
    }

    private mutating func call(at offset: Int) throws(TemplateError) -> TemplateNode {
        let name = try self.templateName(after: "{{template}}")
        self.skipSpace()
        if self.peek.kind == .close {
            self.next()
            return .template(name: name, argument: nil, offset: offset)
        }
        return .template(
            name: name,
            argument: try self.pipeline(of: "{{template}}", upTo: .close),
            offset: offset
        )
    }
}
