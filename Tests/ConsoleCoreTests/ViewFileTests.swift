import Testing

@testable import ConsoleCore

@Suite struct ViewFileTests {
    private static func arranged() -> Model {
        var model = Fixture.model()
        model.type("cj ")
        model.press(.escape)
        model.type(">O1w")
        model.press(.right)
        return model
    }

    @Test func `columns, order and width come back, how far a list was scrolled does not`() {
        let before = Self.arranged()
        var after = Fixture.model()
        let isTaken = after.restore(viewFile: before.viewFile)
        #expect(isTaken)
        #expect(after.layouts[.services] == before.layouts[.services])
        #expect(after.layouts[.nodes] == ListLayout(isWide: true))
        #expect(after.viewFile == before.viewFile)
        #expect(!after.text.contains("MODE"))
    }

    @Test func `what is as it was made needs no line`() {
        var model = Fixture.model()
        let empty = model.viewFile
        model.type("ww")
        #expect(model.viewFile == empty)
        #expect(empty.split(separator: "\n").count == 1)
        let isTaken = model.restore(viewFile: empty)
        #expect(isTaken)
    }

    @Test func `a damaged file changes nothing`() {
        let text = Self.arranged().viewFile
        var model = Fixture.model()
        for end in text.indices {
            let isTaken = model.restore(viewFile: String(text[..<end]))
            #expect(!isTaken)
        }
        for index in text.indices {
            var damaged = text
            damaged.replaceSubrange(index...index, with: text[index] == "x" ? "z" : "x")
            let isTaken = model.restore(viewFile: damaged)
            #expect(!isTaken)
        }
        for junk in ["", "\n", "swarmtop-views 2 0\n", "\0\0\0"] {
            let isTaken = model.restore(viewFile: junk)
            #expect(!isTaken)
        }
        #expect(model.layouts.isEmpty)
    }
}
