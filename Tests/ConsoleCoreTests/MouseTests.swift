import Primitives
import Testing

@testable import ConsoleCore

@Suite struct MouseTests {
    private static func keys(_ bytes: String, mouse: Bool = true) -> [Key] {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25), mouse: mouse)
        return decoder.feed(bytes.utf8, at: Timestamp(seconds: 1))
    }

    @Test func `reports are clicks and turns of the wheel`() {
        #expect(
            Self.keys("\u{1B}[<0;10;5M\u{1B}[<0;10;5mj") == [
                .mouse(.click(column: 9, row: 4)), .character("j"),
            ]
        )
        #expect(Self.keys("\u{1B}[<64;1;1M\u{1B}[<65;1;1M") == [.mouse(.wheelUp), .mouse(.wheelDown)])
        #expect(Self.keys("\u{1B}[<0;10;5M", mouse: false).isEmpty)
    }

    @Test(arguments: [
        "<0;0;5M", "<0;10M", "<0;10;5;5M", "<0;-1;5M", "<;;M", "<0;99999;5M",
        "<0;123456789012345678901234567890;5M",
        "<1;10;5M", "<2;10;5M", "<16;10;5M", "<32;10;5M", "<66;1;1M", "0;10;5M", "<<0;1;1M", "<0;1;1~",
    ])
    func `what is no report gives no key, and the key after it is heard`(junk: String) {
        #expect(Self.keys("\u{1B}[\(junk)j").filter { $0 != .character("j") }.isEmpty)
        #expect(Self.keys("\u{1B}[\(junk)j").last == .character("j"))
    }

    @Test func `the late rest of a report does nothing`() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25), mouse: true)
        let start = Timestamp(seconds: 1)
        _ = decoder.feed([0x1b], at: start)
        #expect(decoder.settle(at: start + .milliseconds(30)) == [.escape])
        #expect(decoder.feed("[<0;10;5M".utf8, at: start + .milliseconds(60)).isEmpty)
    }

    @Test func `a click selects the row under it`() {
        var model = Fixture.model()
        let line = model.screen.lines.firstIndex { $0.contains("cache") } ?? 0
        model.press(.mouse(.click(column: 20, row: line)))
        #expect(model.selected == "service-cache")
        #expect(model.screen.cursorRow == line)
        model.press(.mouse(.click(column: 20, row: 18)), .mouse(.click(column: 500, row: 500)))
        #expect(model.selected == "service-cache")
    }

    @Test(arguments: [80, 120])
    func `a click on a tab goes there`(columns: Int) {
        for tab in Tab.allCases {
            var model = Fixture.model(columns: columns, rows: 40)
            let line = model.screen.lines[2]
            guard let place = line.firstRange(of: Strings(.english).tab(tab)) else {
                Issue.record("no \(Strings(.english).tab(tab))")
                continue
            }
            let column = line.distance(from: line.startIndex, to: place.lowerBound)
            model.press(.mouse(.click(column: column, row: 2)))
            #expect(model.page.place.tab == tab)
        }
    }

    @Test func `a click on the way down goes up`() {
        var model = Fixture.model()
        model.press(.enter, .mouse(.click(column: 3, row: 2)))
        #expect(model.pages.count == 1)
    }

    @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)])
    func `a click on a state's box chooses it, and again all`(size: Size) {
        var model = Fixture.model(columns: size.columns, rows: size.rows)
        model.type("3")
        let map = Layout(model).map
        var hit: Set<Stage> = []
        for row in map {
            for column in 0..<size.columns {
                var clicked = model
                clicked.press(.mouse(.click(column: column, row: row)))
                guard let stage = clicked.page.stage else { continue }
                hit.insert(stage)
                let name = size.columns == 120 ? stage.name : stage.short
                #expect(clicked.text.contains("[\(name)]"))
                clicked.press(.mouse(.click(column: column, row: row)))
                #expect(clicked.page.stage == nil)
            }
        }
        #expect(hit.count == Stage.allCases.count - 1)
    }

    @Test func `the wheel scrolls lists and texts`() {
        var model = Fixture.model()
        model.press(.mouse(.wheelDown))
        #expect(model.selected == "service-edge")
        model.press(.mouse(.wheelUp))
        #expect(model.selected == "service-api")
        model.type("?")
        model.press(.mouse(.wheelDown))
        #expect(model.mode == .help(top: 3))
    }

    @Test(arguments: 0..<50)
    func `no mouse accepts, closes or changes a question`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        for keys in ["S5", "R", "X", "KW", "1D"] {
            var model = Fixture.model()
            model.type(keys)
            let before = model.dialog
            #expect(before != nil)
            for _ in 0..<100 {
                let column = Int.random(in: 0..<80, using: &dice)
                let row = Int.random(in: 0..<24, using: &dice)
                let mouse = [Mouse.click(column: column, row: row), .wheelUp, .wheelDown]
                    .randomElement(using: &dice)
                guard let mouse else { continue }
                #expect(model.press(.mouse(mouse)).isEmpty)
            }
            #expect(model.dialog?.subject == before?.subject)
        }
    }

    @Test(arguments: 0..<50)
    func `no bytes after an introducer trap`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25), mouse: true)
        var model = Fixture.model()
        let letters = Array("<0123456789;;;mM~65".utf8)
        for _ in 0..<200 {
            let count = Int.random(in: 0...40, using: &dice)
            let junk = (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &dice)] }
            for key in decoder.feed([0x1b, 0x5b] + junk, at: Timestamp(seconds: 1)) {
                if case .mouse = key { model.press(key) }
            }
        }
        #expect(model.dialog == nil)
    }
}
