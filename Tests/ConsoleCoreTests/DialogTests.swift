import Primitives
import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct DialogTests {
    @Test func `S a number and y scale the selected service at the version that was seen`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("S15").isEmpty)
        #expect(
            model.type("y") == [.scale(request: 1, serviceID: "service-billing", version: 20, replicas: 15)]
        )
    }

    @Test func `D and y drain the selected node`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down)
        let effects = model.type("Dy")
        #expect(
            effects == [.setAvailability(request: 1, nodeID: "node-w01", version: 10, availability: .drain)]
        )
    }

    @Test func `a drained node is offered to be activated, and p chooses pause`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down, .down)
        #expect(model.type("D").isEmpty)
        #expect(model.text.contains("y: activate"))
        #expect(
            model.type("py") == [
                .setAvailability(request: 1, nodeID: "node-w02", version: 10, availability: .pause)
            ]
        )
    }

    @Test(arguments: [Key.enter, .escape, .character("n"), .control("c")])
    func `Enter and Esc cancel`(key: Key) {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        #expect(model.press(key).isEmpty)
        #expect(model.dialog == nil)
    }

    @Test func `keys that came before the question was painted are dropped`() {
        var model = Fixture.model()
        model.press(.down)
        for letter in "S9y" { #expect(update(&model, .key(.character(letter)), now: Fixture.now).isEmpty) }
        #expect(model.dialog?.phase == .asking)
    }

    @Test func `a dialog keeps its object when rows move beneath it`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S")
        let first = Fixture.service("aaa", 1, age: 1)
        _ = update(&model, .changed([Fixture.event(.watchActionCreate, first)]), now: Fixture.now)
        guard case .scale(_, let id, _, _)? = model.type("9y").last else {
            Issue.record("nothing was asked")
            return
        }
        #expect(id == "service-billing")
    }

    @Test func `a conflict is shown, and asked again at the new version`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15y")
        let conflict = Message.finished(request: 1, .conflict(version: 99, now: .replicas(7)))
        _ = update(&model, conflict, now: Fixture.now)
        #expect(update(&model, .key(.character("y")), now: Fixture.now).isEmpty)
        #expect(model.text.contains("replicas 4 -> 7"))
        _ = update(&model, .painted, now: Fixture.now)
        #expect(
            model.type("y") == [.scale(request: 2, serviceID: "service-billing", version: 99, replicas: 15)]
        )
    }

    @Test func `a success closes the dialog and a failure explains itself`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15y")
        _ = update(&model, .finished(request: 1, .failed("no leader")), now: Fixture.now)
        #expect(model.text.contains("Not done: no leader"))
        _ = update(&model, .painted, now: Fixture.now)
        model.type("y")
        _ = update(&model, .finished(request: 2, .done), now: Fixture.now)
        #expect(model.dialog == nil)
        #expect(model.text.contains("Done: billing scaled from 4 to 15"))
    }

    @Test func `no change is no request`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("Sy").isEmpty)
        #expect(model.type("4y").isEmpty)
    }

    @Test func `a global service does not scale`() {
        var model = Fixture.model()
        model.press(.down, .down, .down)
        model.type("S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("only replicated ones scale"))
    }

    @Test func `a read-only console asks nothing and says why`() {
        var model = Fixture.model(readOnly: true)
        model.type("S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("changes are off: read-only console"))
        #expect(model.text.contains("S:scale(off)"))
    }

    @Test func `a stale console asks nothing`() {
        var model = Fixture.model()
        _ = update(&model, .lost(reason: "gone"), now: Fixture.now)
        model.type("S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("changes are off: not connected"))
    }

    @Test func `a connection lost while asking refuses y`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        _ = update(&model, .lost(reason: "gone"), now: Fixture.now)
        #expect(model.type("y").isEmpty)
        #expect(model.text.contains("Not done: not connected"))
    }

    @Test func `a command opens the same dialog`() {
        var model = Fixture.model()
        model.type(":scale cache 9")
        model.press(.enter)
        #expect(model.type("y") == [.scale(request: 1, serviceID: "service-cache", version: 20, replicas: 9)])
        var other = Fixture.model()
        other.type(":drain w01")
        other.press(.enter)
        #expect(other.text.contains("Drain w01"))
    }

    @Test func `no keys without y change the cluster`() {
        let opened = (0..<300).map(Self.dialogsOpened)
        #expect(opened.filter { $0 > 0 }.count > 200, "most sequences open a dialog")
    }

    /// Presses random keys other than y; returns after how many of them a dialog stood open.
    private static func dialogsOpened(seed: UInt64) -> Int {
        var dice = SeededGenerator(seed: seed)
        var model = Fixture.model()
        let letters = (0x20...0x7e).map { Character(Unicode.Scalar(UInt8($0))) }.filter { $0 != "y" }
        let others: [Key] = [
            .up, .down, .left, .right, .enter, .escape, .tab, .backspace, .pageDown, .home, .end,
            .control("c"), .paste("S5y"), .delete, .function(1), .character("S"), .character("D"),
            .character("1"), .character("2"), .character("9"), .character("P"), .character("M"),
            .character("K"), .character("R"), .character("a"), .character("W"), .character(" "),
            .control("x"), .character("B"), .character("X"), .character("a"), .character("u"),
        ]
        var opened = 0
        for _ in 0..<300 {
            let key: Key =
                Bool.random(using: &dice)
                ? others[Int.random(in: 0..<others.count, using: &dice)]
                : .character(letters[Int.random(in: 0..<letters.count, using: &dice)])
            let effects = model.press(key)
            if model.dialog != nil { opened += 1 }
            let changes = effects.contains { $0.changesCluster }
            #expect(!changes)
        }
        return opened
    }
}
