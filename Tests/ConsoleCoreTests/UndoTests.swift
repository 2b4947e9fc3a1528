import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct UndoTests {
    @Test func `several that were scaled get their own numbers back with one question`() {
        var model = UndoScenes.scaled()
        #expect(model.text.contains("Done: 3 objects changed   u: undo"))
        UndoScenes.tell(&model)
        model.type("u")
        #expect(model.text.contains("Take back 3 changes"))
        #expect(model.text.contains("billing: 5 -> 4"))
        #expect(
            model.type("y") == [
                .several(
                    request: 2,
                    [
                        .scale(request: 2, serviceID: "service-api", version: 21, replicas: 12),
                        .scale(request: 2, serviceID: "service-billing", version: 21, replicas: 4),
                        .scale(request: 2, serviceID: "service-cache", version: 21, replicas: 3),
                    ]
                )
            ]
        )
        model.answer(.done)
        #expect(model.text.contains("Done: 3 objects as before"))
    }

    @Test func `only y takes back, and no key changes the numbers`() {
        var model = UndoScenes.scaled()
        UndoScenes.tell(&model)
        model.type("u9")
        model.press(.up, .down, .backspace)
        #expect(model.text.contains("api: 5 -> 12"))
        #expect(model.press(.enter).isEmpty)
        #expect(model.dialog == nil)
    }

    @Test func `what was drained together becomes active together, but for what was drained before`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down)
        model.type("   Dy")
        model.answer(.done)
        guard case .several(let changes)? = model.undo?.change else {
            Issue.record("nothing to undo")
            return
        }
        #expect(
            changes == [
                .availability(node: "node-w01", to: .active), .availability(node: "node-w03", to: .pause),
            ]
        )
    }

    @Test func `what was done before a failure can be taken back`() {
        var model = Fixture.model()
        model.type("   S5y")
        model.answer(.partly(done: 2, "no leader"))
        #expect(model.dialog?.name == "cache")
        let made: [Undo.Change] = [
            .scale(service: "service-api", to: 12), .scale(service: "service-billing", to: 4),
        ]
        #expect(model.undo?.change == .several(made))
        model.type("y")
        model.answer(.done)
        #expect(model.undo?.change == .several(made + [.scale(service: "service-cache", to: 3)]))
    }

    @Test func `what already is as wanted is not counted as done`() {
        var model = Fixture.model()
        // cache has three replicas already, billing and search have not.
        model.press(.down)
        model.type("  ")
        model.press(.down)
        model.type(" S3y")
        model.answer(.partly(done: 1, "no leader"))
        #expect(model.dialog?.name == "search")
        #expect(model.undo?.change == .several([.scale(service: "service-billing", to: 4)]))
    }

    @Test func `what is gone meanwhile is left out`() {
        var model = UndoScenes.scaled()
        UndoScenes.tell(&model)
        let gone = Fixture.service("cache", 5, age: 1, version: 22)
        _ = update(&model, .changed([Fixture.event(.watchActionRemove, gone)]), now: Fixture.now)
        model.type("u")
        #expect(model.text.contains("Take back 2 changes"))
        #expect(model.flash?.text == "1 of them are gone")
    }

    @Test func `services that were rolled cannot be taken back, those rolled back can`() {
        var model = Fixture.model()
        model.type("  Ry")
        model.answer(.done)
        #expect(model.undo == nil)
    }
}

/// Screens of changes that are taken back together.
enum UndoScenes {
    static let views: [ListScenes.View] = [
        (
            "undo-several",
            {
                $0 = Self.scaled($0)
                Self.tell(&$0)
                $0.type("u")
            }
        )
    ]

    /// Three services were scaled to five replicas.
    static func scaled(_ model: Model = Fixture.model()) -> Model {
        var model = model
        model.type("   S5y")
        model.answer(.done)
        return model
    }

    /// The manager tells of it.
    static func tell(_ model: inout Model) {
        let events = ["api", "billing", "cache"].map {
            Fixture.event(.watchActionUpdate, Fixture.service($0, 5, age: 0, version: 21))
        }
        _ = update(&model, .changed(events), now: Fixture.now)
    }
}
