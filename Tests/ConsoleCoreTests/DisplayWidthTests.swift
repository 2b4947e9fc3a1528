import Testing

@testable import ConsoleCore

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("web.1", 5), ("搜索", 4), ("e\u{301}", 1), ("ｗｅｂ", 6), ("한글", 4), ("🚀", 2), ("→", 1),
        ("a\u{200B}b", 2),
    ])
    func `text has its width`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(arguments: [
        "\u{1B}[2J", "a\u{7}b", "\u{9B}31m", "\u{202E}evil", "\u{2066}x", "tab\there", "\u{7F}",
    ])
    func `what could drive the terminal is replaced`(text: String) {
        let cells = DisplayWidth.cells(text, utf8: true, style: Style())
        let shown = cells.map(\.text).joined()
        #expect(shown.contains("\u{FFFD}"))
        #expect(
            shown.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7f && !(0x80...0x9f).contains($0.value)
            }
        )
        #expect(
            shown.unicodeScalars.allSatisfy {
                !(0x202a...0x202e).contains($0.value) && !(0x2066...0x2069).contains($0.value)
            }
        )
    }

    @Test func `marks do not pile up`() {
        let tower = "a" + String(repeating: "\u{301}", count: 100)
        let cells = DisplayWidth.cells(tower, utf8: true, style: Style())
        #expect(cells.count == 1)
        #expect(cells[0].text.unicodeScalars.count == 5)
    }

    @Test func `a terminal without UTF-8 gets ASCII only`() {
        let cells = DisplayWidth.cells("搜é-x", utf8: false, style: Style())
        #expect(cells.map(\.text).joined() == "??-x")
    }
}
