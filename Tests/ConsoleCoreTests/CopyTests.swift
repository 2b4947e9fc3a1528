import Testing

@testable import ConsoleCore

@Suite struct CopyTests {
    @Test func `Y asks what to copy, and twice it copies the identifier`() {
        var model = Fixture.model()
        #expect(model.type("Y").isEmpty)
        #expect(model.text.contains("i  ID    service-api"))
        #expect(model.type("Y") == [.copy("service-api")])
        #expect(model.flash?.text == "copied the ID: service-api")
        #expect(model.mode == .browsing)
    }

    @Test func `the name and the row are copied as they are shown`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("Yn") == [.copy("billing")])
        model.type("Y")
        guard case .copy(let whole)? = model.press(.down, .down, .enter).first else {
            Issue.record("nothing was copied")
            return
        }
        #expect(whole.hasPrefix("billing  repl"))
        model.type("Y")
        #expect(model.press(.escape).isEmpty)
        model.type("cj ")
        model.press(.escape)
        guard case .copy(let row)? = model.type("Yr").first else {
            Issue.record("nothing was copied")
            return
        }
        #expect(!row.contains("repl"))
    }

    @Test func `every list and an object in full can be copied from`() {
        for keys in ["1", "3", "4", "5", "7", "8", "9", "1d"] {
            var model = Fixture.model()
            model.type(keys)
            guard model.selected != nil || keys == "1d" else { continue }
            #expect(model.type("YY").count == 1, "\(keys)")
        }
    }

    @Test func `where no row is there is nothing to copy`() {
        var model = Fixture.model()
        model.type("/nosuchthing")
        model.press(.enter)
        #expect(model.type("Y").isEmpty)
        #expect(model.mode == .browsing)
        #expect(model.text.contains("Y copies of a row"))
    }

    @Test func `nothing that drives a terminal is ever copied`() {
        #expect(Clipboard.clean("a\u{1B}]52;c;eA==\u{7}b\r\nc\u{9B}d\u{202E}e") == "a]52;c;eA==bcde")
        #expect(Clipboard.clean(String(repeating: "搜", count: 5000)).utf8.count <= Clipboard.limit)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("搜", "5pCc"),
    ])
    func `the sequence holds base 64`(text: String, base64: String) {
        #expect(Clipboard.sequence(text) == Array("\u{1B}]52;c;\(base64)\u{7}".utf8))
    }
}

/// Screens of copying.
enum CopyScenes {
    static let views: [ListScenes.View] = [
        (
            "copy",
            {
                $0.press(.down); $0.type("Y")
            }
        ),
        ("copied", { $0.type("1YY") }),
    ]
}
