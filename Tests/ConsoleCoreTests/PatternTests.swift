import Primitives
import Testing

@testable import ConsoleCore

@Suite struct PatternTests {
    @Test(arguments: [
        ("web", "my-WEB-1", true), ("^web", "my-web", false), ("^web$", "web", true),
        ("w0[1-4]", "W03", true),
        ("w0[1-4]", "w05", false), ("w0[^1-4]", "w05", true), ("a|b", "xbx", true),
        ("^(a|bc)+$", "abcbca", true),
        ("^(a|bc)+$", "abcb", false), ("x{2,3}y", "xy", false), ("x{2,3}y", "xxxxy", true),
        ("^x{2}$", "xxx", false),
        ("^x{2,}$", "xxxx", true), ("colou?r", "color", true), ("\\d+\\.\\d", "v5.1", true),
        ("\\bdown\\b", "is down!", true),
        ("\\bdown\\b", "shutdown", false), ("\\Bdown", "shutdown", true),
        ("OOM.*kill", "oom was a Kill", true),
        ("[]a]b", "]b", true), ("[a\\d-]", "-", true), ("", "anything", true), ("()*", "", true),
        ("(a*)*b", "aab", true),
        ("搜.", "搜索", true), ("É", "é", true), ("\\S", "  ", false), ("a\\|b", "a|b", true),
        ("(?:ab)+", "xabab", true),
        ("xa+?y", "xy", false), ("xa+?y", "xaay", true),
    ])
    func `a pattern is found or not`(pattern: String, text: String, found: Bool) throws {
        #expect(try Pattern(pattern).isFound(in: text) == found)
    }

    @Test(arguments: [
        ("(", "( without )"), ("a)", ") without ("), ("[a", "[ without ]"), ("*", "* repeats nothing"),
        ("a|+", "+ repeats nothing"), ("[z-a]", "z-a is the wrong way round"), ("\\", "\\ at the end"),
        ("\\q", "\\q is not known"), ("a{", "{ without }"), ("a{x}", "{x} is no count"),
        ("a{5,2}", "{5,2} is no count up to 200"), ("a{1,999}", "{1,999} is no count up to 200"),
        ("((((a{99}){99}){99}){99})", "too large"),
        (String(repeating: "(", count: 99), "too many brackets in brackets"),
        ("[\\D]", "\\D inside [ ]"),
    ])
    func `what is no pattern says why`(pattern: String, fault: String) {
        let error = #expect(throws: Pattern.Fault.self) { try Pattern(pattern) }
        #expect(error.map { Strings(.english).fault($0) } == fault)
    }

    @Test func `no pattern takes longer than its length times the text's`() throws {
        let text = String(repeating: "a", count: 5000) + "!"
        for pattern in ["^(a+)+$", "^(a|aa)+$", "(.*)(.*)(.*)(.*)x"] {
            #expect(try !Pattern(pattern).isFound(in: text))
        }
    }

    @Test(arguments: 0..<200)
    func `no text traps the parser`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let letters = Array("ab^$.[](){}*+?|\\-,:12~!搜 ")
        for _ in 0..<50 {
            let count = Int.random(in: 0...20, using: &dice)
            let text = String(
                (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &dice)] }
            )
            _ = (try? Pattern(text))?.isFound(in: "ab12 搜a")
            _ = Filter(text).accepts([("name", "ab12")])
        }
    }

    @Test func `a tilde filters by a pattern, in one field or against it`() {
        var model = Fixture.model()
        model.type("/~^(api|cache)$")
        #expect(model.rows == ["service-api", "service-cache"])
        model.press(.control("u"))
        model.type("name:~^s !~billing")
        #expect(model.rows == ["service-search"])
        model.press(.control("u"))
        model.type("!name:~^.{3,5}$")
        #expect(model.rows.contains("service-billing"))
        #expect(!model.rows.contains("service-api"))
    }

    @Test func `a pattern that is not finished filters nothing and says so`() {
        var model = Fixture.model()
        model.type("/search ~(a")
        #expect(model.rows.count == Fixture.services.count)
        #expect(model.text.contains("(filters nothing yet: ( without ))"))
        model.type("r)")
        #expect(model.rows == ["service-search"])
        #expect(!model.text.contains("filters nothing"))
    }
}

/// Screens of patterns in the filter.
enum PatternScenes {
    static let views: [ListScenes.View] = [
        ("filter-pattern", { $0.type("3/node:~^w0[1-3]$ !~search") }),
        ("filter-fault", { $0.type("3/node:~^w0[1-3") }),
    ]
}
