import Testing

@testable import Templating

/// The language, as Go's own `text/template` has it: expectations were taken from Go 1.19.
@Suite struct TemplateTests {
    static let root: TemplateValue = .record([
        .init(
            "Service",
            .record([
                .init("ID", .text("svc")), .init("Name", .text("web")),
                .init("Labels", .map(["tier": "front", "zone": "a b"])),
            ])
        ),
        .init(
            "Node",
            .record([
                .init("Hostname", .text("host-1")),
                .init(
                    "Platform",
                    .record([.init("Architecture", .text("x86_64")), .init("OS", .text("linux"))])
                ),
            ])
        ),
        .init("Task", .record([.init("ID", .text("t1")), .init("Slot", .text("1"))])),
    ])

    static func expand(_ text: String) throws -> String {
        var budget = TemplateBudget()
        let template = try Template(Array(text.utf8), functions: ["env"])
        let bytes = try template.expanded(Self.root, within: &budget) {
            (name, arguments) throws(TemplateFault) in
            guard name == "env", arguments == [.text("A")] else { throw TemplateFault("no such variable") }
            return .text("1")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static let expansions: [(text: String, result: String)] = [
        ("plain }} text", "plain }} text"),
        ("{{.Service.ID}}-{{ .Service.Name }}.{{.Task.Slot}}", "svc-web.1"),
        (
            "{{.Service.Labels.tier}} {{index .Service.Labels \"zone\"}}|{{index .Service.Labels \"no\"}}|",
            "front a b||"
        ),
        ("{{range $k, $v := .Service.Labels}}{{$k}}={{$v}},{{end}}", "tier=front,zone=a b,"),
        ("{{range .Service.Labels}}{{.}};{{else}}none{{end}}", "front;a b;"),
        ("{{range .Service.Labels}}a{{break}}b{{end}}", "a"),
        ("{{range .Service.Labels}}a{{continue}}b{{end}}", "aa"),
        ("{{if eq .Task.Slot \"2\"}}two{{else if eq .Task.Slot \"1\"}}one{{else}}many{{end}}", "one"),
        ("{{with .Node.Platform}}{{.OS}}/{{.Architecture}} {{$.Task.ID}}{{end}}", "linux/x86_64 t1"),
        ("{{with \"\"}}a{{else}}b{{end}}", "b"),
        ("{{join \",\" \"a\" \"b\" .Task.ID}}{{join \"x\"}}", "a,b,t1"),
        ("{{env \"A\" | printf \"%s!\"}}", "1!"),
        ("a {{- 1 -}} b{{/* comment */}}{{- /* and another */ -}} c", "a1bc"),
        (
            "{{-3}} {{ -3}} {{1.5}} {{2.0}} {{0x1F}} {{0o17}} {{017}} {{1_000}} {{'a'}} {{true}}",
            "-3 -3 1.5 2 31 15 15 1000 97 true"
        ),
        (
            "{{printf \"%d|%5d|%-4d|%04d|%+d|%x|%X|%o|%b|%c\" 5 3 3 3 3 255 255 8 5 65}}",
            "5|    3|3   |0003|+3|ff|FF|10|101|A"
        ),
        (
            "{{printf \"%s %q %v %t %5s|%-5s|%.2s\" \"a\" \"b\\n\" 1.5 true \"ab\" \"ab\" \"abcd\"}}",
            "a \"b\\n\" 1.5 true    ab|ab   |ab"
        ),
        ("{{printf \"%d\"}} {{printf \"%d\" \"x\"}} {{printf \"100%%\"}}", "%!d(MISSING) %!d(string=x) 100%"),
        ("{{.Node}} {{.Service.Labels}}", "{host-1 {x86_64 linux}} map[tier:front zone:a b]"),
        (
            "{{len .Service.Name}}{{len .Service.Labels}} {{slice \"abcdef\" 1 3}} {{index \"abc\" 1}}",
            "32 bc 98"
        ),
        ("{{and 1 0}}{{and \"\" \"x\"}}{{or \"\" \"x\"}}{{or 0 \"\"}} {{not \"\"}}", "0x true"),
        (
            "{{eq 1 2 1}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1 2}}",
            "true true true true true false"
        ),
        ("{{print 1 2 \"a\" 3 4}}{{println 1 \"x\"}}", "1 2a3 41 x\n"),
        (
            "{{html \"<a href='x'>&\"}} {{js \"it's <b>\"}} {{urlquery \"a b&\"}}",
            "&lt;a href=&#39;x&#39;&gt;&amp; it\\'s \\u003Cb\\u003E a+b%26"
        ),
        (
            "{{define \"t\"}}T({{.}}){{end}}{{template \"t\" .Service.Name}}{{block \"b\" .Service}}B({{.ID}}){{end}}",
            "T(web)B(svc)"
        ),
        ("{{$x := 1}}{{if true}}{{$x = 2}}{{$y := 3}}{{$y}}{{end}}{{$x}}", "32"),
        ("{{\"a\\tb \\x41 \\101 \\u00e9\"}}{{`raw \\n`}}", "a\tb A A \u{e9}raw \\n"),
        ("{{(printf \"%s\" \"x\") | len}} {{(.Service).Name}}", "1 web"),
    ]

    @Test(arguments: Self.expansions)
    func `a template is expanded as Go expands it`(text: String, result: String) throws {
        #expect(try Self.expand(text) == result)
    }

    static let refusals: [(text: String, line: Int, column: Int, message: String)] = [
        ("ab {{.Nope}}", 1, 6, "there is no field Nope, only Service, Node, Task"),
        ("\n {{.Service.Labels.missing}}", 2, 4, "map has no entry for key \"missing\""),
        ("{{.Task.ID.X}}", 1, 3, "a string has no field X"),
        ("{{foo 1}}", 1, 3, "there is no function \"foo\""),
        ("{{.Service.ID 1}}", 1, 3, "is no function and has arguments"),
        ("x {{", 1, 3, "an action is not closed"),
        ("{{\"unclosed}}", 1, 3, "a quote is not closed"),
        ("{{(1}}", 1, 5, "a parenthesis is not closed"),
        ("{{1)}}", 1, 4, "a parenthesis was not opened"),
        ("{{/* c }}", 1, 1, "a comment is not closed"),
        ("{{if true}}x", 1, 3, "{{if}} has no {{end}}"),
        ("{{end}}", 1, 1, "belongs to nothing"),
        ("{{if}}x{{end}}", 1, 5, "{{if}} has no value"),
        ("{{break}}", 1, 3, "{{break}} stands in no {{range}}"),
        ("{{$x}}", 1, 3, "there is no variable $x"),
        ("{{\"a\" | \"b\"}}", 1, 9, "only a function can follow |"),
        ("{{template \"none\"}}", 1, 3, "there is no template \"none\""),
        ("{{join}}", 1, 3, "join: the separator is missing"),
        ("{{join \",\" 1}}", 1, 3, "join: a int is no text"),
        ("{{eq 1 \"1\"}}", 1, 3, "a int and a string cannot be compared"),
        ("{{env \"B\"}}", 1, 3, "env: no such variable"),
        ("{{nil}}", 1, 3, "nil has no value"),
        ("{{@}}", 1, 3, "@ has no meaning in an action"),
    ]

    @Test(arguments: Self.refusals)
    func `a bad template says where it is wrong`(text: String, line: Int, column: Int, message: String) throws
    {
        let error = #expect(throws: TemplateError.self) { _ = try Self.expand(text) }
        #expect(error?.place.line == line && error?.place.column == column, "\(String(describing: error))")
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `bytes that are no text go through`() throws {
        var budget = TemplateBudget()
        let source: [UInt8] = [0xff, 0x00] + Array("{{.}}".utf8) + [0xfe]
        #expect(try Template(source).expanded(.text([0x80]), within: &budget) == [0xff, 0x00, 0x80, 0xfe])
    }

    static let endless = [
        "{{define \"r\"}}{{template \"r\" .}}{{end}}{{template \"r\"}}",
        "{{range 1000000000}}{{end}}",
        "{{range 1000000}}{{range $.Service.Labels}}{{break}}{{end}}{{end}}",
        "{{$x := \"aaaaaaaaaa\"}}{{range 100000}}{{$x = print $x $x}}{{end}}",
        "{{$x := \"&\"}}{{range 100000}}{{$x = html $x}}{{end}}",
        "{{$x := printf \"%9999s\" \"\"}}{{range 1000000}}{{if eq $x \"b\" $x}}{{end}}{{end}}",
        String(repeating: "{{if true}}", count: 1_000),
        "{{" + String(repeating: "(", count: 1_000),
        "{{printf \"%1000000000d\" 1}}",
        (0..<1_000).map { "{{$a\($0) := 1}}" }.joined(),
        (0..<40).map { "{{define \"t\($0)\"}}{{template \"t\($0 + 1)\"}}{{template \"t\($0 + 1)\"}}{{end}}" }
            .joined()
            + "{{define \"t40\"}}{{end}}{{template \"t0\"}}",
    ]

    @Test(.timeLimit(.minutes(1)), arguments: Self.endless)
    func `a template that would not end, or fill the memory, is refused`(text: String) {
        #expect(throws: TemplateError.self) { _ = try Self.expand(text) }
    }

    @Test func `templates that belong together share what they may spend`() throws {
        let template = try Template(Array("{{range 60000}}{{end}}".utf8))
        var budget = TemplateBudget()
        _ = try template.expanded(.nothing, within: &budget)
        #expect(throws: TemplateError.self) { _ = try template.expanded(.nothing, within: &budget) }
    }
}
