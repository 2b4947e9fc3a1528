import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct ListLayoutTests {
    private static func names(_ model: Model) -> [String] {
        model.rows.compactMap { model.cluster.services[$0]?.name }
    }

    @Test func `a column sorts, again turns it round, and zero gives the view's own order back`() {
        var model = Fixture.model()
        let own = model.rows
        model.type("o")
        model.press(.down, .down, .enter)
        // What misses most of its tasks comes first.
        #expect(Self.names(model).prefix(2) == ["search", "billing"])
        model.type("o")
        model.press(.down, .down, .enter)
        #expect(Self.names(model).suffix(2) == ["billing", "search"])
        model.type("o0")
        model.press(.escape)
        #expect(model.rows == own)
    }

    @Test func `ages sort by time and names by letters`() {
        var model = Fixture.model()
        model.type("<")
        #expect(model.layout.sort == "AGE")
        #expect(Self.names(model).first == "search")
        model.type("O")
        #expect(["api", "edge"].contains(Self.names(model).first ?? ""))
        model.type(">O")
        #expect(model.layout.sort == "NAME")
        #expect(Self.names(model).first == "搜索-索引")
    }

    @Test func `slots sort by number`() {
        var model = Fixture.model()
        model.type("3>")
        let api = model.rows.compactMap { model.cluster.tasks[$0] }.filter { $0.service == "api" }
        #expect(api.map(\.slot) == Array(1...12))
    }

    @Test func `each view keeps its choice`() {
        var model = Fixture.model()
        model.type("cj ")
        model.press(.escape)
        model.type(">")
        #expect(!model.text.contains("MODE"))
        model.type("1")
        #expect(model.layout == ListLayout())
        model.type("2")
        #expect(model.layout.hidden == ["MODE"])
        #expect(model.layout.sort == "NAME")
    }

    @Test func `the first column cannot be taken out`() {
        var model = Fixture.model()
        model.type("c ")
        #expect(model.layout.hidden.isEmpty)
    }

    @Test func `a wide list keeps its first column while it scrolls`() {
        var model = Fixture.model()
        model.type("w")
        #expect(model.screen.lines[3].contains("MODE"))
        model.press(.right, .right, .right)
        #expect(model.screen.lines[3].contains("NAME"))
        #expect(!model.screen.lines[3].contains("MODE"))
        #expect(model.screen.lines[3].contains("IMAGE"))
        model.press(.right, .right, .right, .right, .right, .right)
        #expect(model.screen.lines[3].contains("AGE"))
        model.type("w")
        #expect(model.layout.skipped == 0)
    }

    @Test func `the cursor stays on its object when the order changes`() {
        var model = Fixture.model()
        model.press(.down, .down)
        #expect(model.selected == "service-cache")
        model.type("<O")
        #expect(model.selected == "service-cache")
    }

    @Test func `rows are computed once for a state of the cluster`() {
        var model = Fixture.model()
        let key = model.listed?.key
        _ = model.screen
        _ = update(&model, .tick, now: Fixture.now)
        #expect(model.listed?.key == key)
        let fresh = Fixture.service("aaa", 1, age: 1)
        _ = update(&model, .changed([Fixture.event(.watchActionCreate, fresh)]), now: Fixture.now)
        #expect(model.listed?.key != key)
        #expect(model.listed?.rows.first == "service-aaa")
        var size = model
        _ = update(&size, .resized(Size(columns: 120, rows: 40)), now: Fixture.now)
        #expect(size.listed?.key == model.listed?.key)
    }
}
