import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct EditTests {
    private static let object = Fixture.full("billing")

    /// A console whose operator has edited billing's spec.
    static func edited(_ change: (String) -> String) -> Model {
        var model = Fixture.model()
        model.press(.down)
        model.type("e")
        model.answer(.object(Self.object))
        let text = SpecText.text(of: Self.object) ?? ""
        _ = update(&model, .edited(request: 1, text: change(text), failure: ""), now: Fixture.now)
        return model
    }

    @Test func `e fetches the object, opens an editor, shows what would change, and y asks for it`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("e") == [.inspect(request: 1, object: ObjectKey(.service, "service-billing"))])
        let effects = update(&model, .finished(request: 1, .object(Self.object)), now: Fixture.now)
        guard case .openEditor(1, let text)? = effects.first else {
            Issue.record("no editor: \(effects)")
            return
        }
        let changed = text.replacing("\"replicas\": 4", with: "\"replicas\": 7")
        _ = update(&model, .edited(request: 1, text: changed, failure: ""), now: Fixture.now)
        #expect(update(&model, .key(.character("y")), now: Fixture.now).isEmpty, "not painted yet")
        _ = update(&model, .painted, now: Fixture.now)
        #expect(model.text.contains("-     \"replicas\": 4"))
        #expect(model.text.contains("+     \"replicas\": 7"))
        #expect(model.type("y") == [.replaceSpec(request: 2, object: Self.object, text: changed)])
        model.answer(.done)
        #expect(model.text.contains("billing has its new spec"))
        model.type("u")
        #expect(model.text.contains("Roll back billing"))
    }

    @Test(arguments: [
        ("{", "not a spec"), ("{\"nmae\": 1}", "there is no field nmae"),
        ("{\"replicated\": {\"replicas\": -1}}", "not a spec"),
    ])
    func `what is no spec is refused, and may be edited again`(text: String, words: String) {
        var model = Self.edited { _ in text }
        _ = update(&model, .painted, now: Fixture.now)
        #expect(model.text.contains(words))
        #expect(model.type("y").isEmpty)
        #expect(model.type("e") == [.openEditor(request: 2, text: text)])
    }

    @Test func `an object that changed meanwhile is never overwritten`() {
        var model = Self.edited { $0.replacing("billing:5.1", with: "billing:6") }
        _ = update(&model, .painted, now: Fixture.now)
        #expect(model.type("y").count == 1)
        model.answer(.conflict(version: 77, now: .object))
        #expect(model.text.contains("somebody changed it meanwhile (version 20 -> 77)"))
        #expect(model.type("y").isEmpty)
    }

    @Test func `a text that was left as it was changes nothing`() {
        let model = Self.edited { $0 }
        #expect(model.dialog == nil)
        #expect(model.text.contains("not changed"))
    }

    @Test func `an editor that fails says so`() {
        var model = Fixture.model()
        model.type("e")
        model.answer(.object(Self.object))
        _ = update(
            &model,
            .edited(request: 1, text: nil, failure: "vi ended with a failure"),
            now: Fixture.now
        )
        #expect(model.text.contains("not edited: vi ended with a failure"))
        #expect(model.dialog == nil)
    }

    @Test func `no editor opens over a dialog, nor on a locked console`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("eS")
        #expect(update(&model, .finished(request: 1, .object(Self.object)), now: Fixture.now).isEmpty)
        var locked = Fixture.model()
        #expect(locked.type("Le").isEmpty)
    }

    @Test func `a difference shows what stands around it and leaves the rest out`() {
        let before = (1...20).map { "line \($0)" }.joined(separator: "\n")
        let after = before.replacing("line 10\n", with: "line ten\n").replacing("line 2\n", with: "")
        #expect(
            TextDiff.lines(before, after).map(\.text) == [
                "  line 1", "- line 2", "  line 3", "  line 4", "  ..", "  line 8", "  line 9", "- line 10",
                "+ line ten", "  line 11", "  line 12",
            ]
        )
    }
}

/// Screens of an edit.
enum EditScenes {
    static let views: [ListScenes.View] = [
        ("edit", { $0 = Self.edited($0) { $0.replacing("billing:5.1", with: "billing:6") } }),
        ("edit-refused", { $0 = Self.edited($0) { $0.replacing("replicas", with: "replicsa") } }),
    ]

    private static func edited(_ model: Model, _ change: (String) -> String) -> Model {
        var edited = EditTests.edited(change)
        _ = update(&edited, .resized(model.size), now: Fixture.now)
        return edited
    }
}
