import Primitives
import Testing

@testable import Templating

/// Whatever the text, reading and expanding it end with a result or an error.
@Suite struct TemplateFuzzTests {
    private static let words = [
        "{{", "}}", "{{- ", " -}}", " ", "\n", ".", ".Service", ".Service.Labels", ".Task.Slot", "$", "$x",
        "$x := ",
        "$k, $v := ", "\"a\"", "\"", "`r`", "'c'", "1", "-7", "1.5", "0x", "true", "nil", "(", ")", "|", ",",
        "=", "if",
        "else", "end", "range", "with", "define", "template", "block", "break", "continue", "printf",
        "\"%d %s %v %q\"",
        "join", "len", "index", "slice", "eq", "lt", "and", "or", "not", "print", "html", "urlquery", "/*",
        "*/", "\\",
        "\u{0}", "é", "text",
    ]

    @Test(.timeLimit(.minutes(1)), arguments: 0..<8)
    func `a soup of words ends`(seed: Int) {
        var dice = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<1_500 {
            var text = ""
            for _ in 0..<Int.random(in: 1...14, using: &dice) {
                text += Self.words.randomElement(using: &dice) ?? ""
                if Bool.random(using: &dice) { text += " " }
            }
            _ = try? TemplateTests.expand(text)
            _ = try? TemplateTests.expand("{{\(text)}}")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: 0..<4)
    func `bytes at random end`(seed: Int) throws {
        var dice = SeededGenerator(seed: UInt64(seed) &+ 100)
        for _ in 0..<1_500 {
            let bytes = (0..<Int.random(in: 0...40, using: &dice)).map { _ in
                UInt8.random(in: 0...255, using: &dice)
            }
            var budget = TemplateBudget()
            _ = try? Template(Array("{{".utf8) + bytes + Array("}}".utf8)).expanded(.nothing, within: &budget)
        }
    }

    @Test(arguments: 0..<4)
    func `a template that was cut or changed in one byte ends`(seed: Int) {
        var dice = SeededGenerator(seed: UInt64(seed) &+ 200)
        for (text, _) in TemplateTests.expansions {
            for _ in 0..<60 {
                var bytes = Array(text.utf8)
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                if Bool.random(using: &dice) {
                    bytes[place] = UInt8.random(in: 0...255, using: &dice)
                } else {
                    bytes.removeSubrange(place...)
                }
                var budget = TemplateBudget()
                _ = try? Template(bytes, functions: ["env"]).expanded(TemplateTests.root, within: &budget)
            }
        }
    }
}
