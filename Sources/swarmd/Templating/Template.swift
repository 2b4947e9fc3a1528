/// A text with actions between double braces, in the language of Go's `text/template`, as far as swarms have use for it.
///
/// SwarmKit fills in specs, secrets and configs with that language (SwarmKit `template/template.go`): a missing key is
/// an error, and there is a function `join`. All statements and built-in functions are here but `call`, which would need
/// values that are functions; values are texts, numbers, truth, maps of text and records. The text is bytes: a secret
/// need not be UTF-8.
///
/// Whatever the text, reading and expanding it end: both are bounded by `TemplateLimits`.
package struct Template: Sendable {
    private let source: [UInt8]
    private let program: TemplateProgram

    /// Reads `source`; `functions` are the names that it may use beside the built-in ones.
    package init(_ source: [UInt8], functions: Set<String> = []) throws(TemplateError) {
        self.source = source
        guard source.count <= TemplateLimits.sourceBytes else {
            throw TemplateError("a template is at most \(TemplateLimits.sourceBytes) bytes long", at: .start)
        }
        var parser = TemplateParser(
            tokens: try TemplateLexer.tokens(of: source),
            functions: functions.union(TemplateBuiltins.names),
            source: source
        )
        self.program = try parser.parsed()
    }

    /// Whether `source` has any action; one without is its own expansion.
    package static func hasActions(_ source: some Sequence<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in source {
            if byte == TemplateLexer.brace && previous == TemplateLexer.brace { return true }
            previous = byte
        }
        return false
    }

    /// Carries out a function that is not built in.
    package typealias Functions = (_ name: String, _ arguments: [TemplateValue]) throws(TemplateFault) ->
        TemplateValue

    /// The text with its actions carried out on `root`; `call` carries out the functions that are not built in, and
    /// `budget` is what may be spent, on several templates together.
    package func expanded(
        _ root: TemplateValue,
        within budget: inout TemplateBudget,
        calling call: @escaping Functions = Self.unavailable
    ) throws(TemplateError) -> [UInt8] {
        var run = TemplateRun(self.program, source: self.source, root: root, budget: budget, call: call)
        defer { budget = run.budget }
        return try run.output()
    }

    /// Knows no functions.
    package static func unavailable(
        _ name: String,
        _ arguments: [TemplateValue]
    ) throws(TemplateFault) -> TemplateValue {
        throw TemplateFault("function \"\(name)\" is not available")
    }
}
