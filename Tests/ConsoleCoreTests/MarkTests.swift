import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct MarkTests {
    @Test func `marked services roll with one question, each at its version`() {
        var model = Fixture.model()
        model.type("  ")
        model.type("R")
        #expect(model.text.contains("Roll 2 services"))
        #expect(model.text.contains("api: 12 tasks"))
        #expect(
            model.type("y") == [
                .several(
                    request: 1,
                    [
                        .roll(request: 1, service: SeenObject(id: "service-api", version: 20)),
                        .roll(request: 1, service: SeenObject(id: "service-billing", version: 20)),
                    ]
                )
            ]
        )
        model.answer(.done)
        #expect(model.text.contains("Done: api and billing changed"))
        #expect(model.page.marks.isEmpty)
    }

    @Test func `one number scales several, and leaves alone what has it already`() {
        var model = Fixture.model()
        model.type("  ")
        model.press(.down)
        model.type("   S")
        model.press(.escape, .escape)
        model.press(.home)
        model.type("   S3")
        #expect(model.text.contains("cache: 3, as it is"))
        guard case .several(_, let effects)? = model.type("y").first else {
            Issue.record("nothing was asked")
            return
        }
        #expect(effects.map(\.request) == [1, 1])
    }

    @Test func `removing several needs their number typed`() {
        var model = Fixture.model()
        model.type("  X")
        #expect(model.text.contains("Type 2-services to go on"))
        #expect(model.press(.control("x")).isEmpty)
        model.type("2-services")
        #expect(model.press(.control("x")).count == 1)
    }

    @Test func `several nodes are drained, and one that is gone refuses them all`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down)
        model.type("  D")
        #expect(model.text.contains("Drain 2 nodes"))
        #expect(model.text.contains("w02: drain already"))
        guard case .several(_, let effects)? = model.type("y").first else {
            Issue.record("nothing was asked")
            return
        }
        #expect(effects.count == 1)
    }

    @Test func `what was done before a failure is not asked for again`() {
        var model = Fixture.model()
        model.type("   Ry")
        model.answer(.partly(done: 1, "no leader"))
        #expect(model.text.contains("Not done: no leader   (1 done before it)"))
        guard case .several(_, let effects)? = model.type("y").first else {
            Issue.record("nothing was asked")
            return
        }
        #expect(
            effects == [
                .roll(request: 2, service: SeenObject(id: "service-billing", version: 20)),
                .roll(request: 2, service: SeenObject(id: "service-cache", version: 20)),
            ]
        )
    }

    @Test func `a verb that does not suit one of the marked says whose fault it is`() {
        var model = Fixture.model()
        model.type("*S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("edge is a global service"))
    }

    @Test func `v marks a range and the star what the filter leaves`() {
        var model = Fixture.model()
        model.type(" ")
        model.press(.down, .down)
        model.type("v")
        #expect(model.page.marks.count == 4)
        model.type("U/ea")
        model.press(.enter)
        model.type("*")
        #expect(model.page.marks == ["service-search"])
    }
}

/// Screens of one question for several objects.
enum MarkScenes {
    static let views: [ListScenes.View] = [
        ("scale-several", { $0.type("   S5") }),
        ("remove-several", { $0.type("*X6-ser") }),
        (
            "drain-several",
            {
                $0.type("1")
                $0.press(.down, .down, .down)
                $0.type("   D")
            }
        ),
    ]
}
