import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct LiveDialogTests {
    @Test func `a node that becomes ready is told to be, and its version goes along`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.end)
        model.type("P")
        #expect(model.text.contains("not ready") || model.text.contains("down"))
        let before = model.text
        let ready = Fixture.node("w07", version: 11, labels: ["zone": "b"])
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, ready)]), now: Fixture.now)
        #expect(model.text != before)
        #expect(update(&model, .key(.character("y")), now: Fixture.now).isEmpty, "not painted yet")
        _ = update(&model, .painted, now: Fixture.now)
        let node = SeenObject(id: "node-w07", version: 11)
        #expect(model.type("y") == [.setRole(request: 1, nodes: [node], role: .manager)])
    }

    @Test func `what only the managers write does not make a change fail`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        let updating = Fixture.service("billing", 4, age: 0, version: 33, update: .updating)
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, updating)]), now: Fixture.now)
        #expect(!model.text.contains("changed since this was opened"))
        #expect(model.text.contains("an update is running"))
        #expect(
            model.type("y") == [.scale(request: 1, serviceID: "service-billing", version: 33, replicas: 15)]
        )
    }

    @Test func `a spec that somebody else changed keeps the version that was seen`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        let other = Fixture.service("billing", 8, age: 0, version: 33)
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, other)]), now: Fixture.now)
        #expect(model.text.contains("changed since this was opened"))
        #expect(
            model.type("y") == [.scale(request: 1, serviceID: "service-billing", version: 20, replicas: 15)]
        )
    }

    @Test func `a manager that is lost meanwhile makes a demotion refuse itself`() {
        var model = Fixture.model()
        model.type("1M")
        #expect(model.dialog?.isReady == false || model.dialog?.confirmation != nil)
        model.lose("mgr-3")
        #expect(model.text.contains("the quorum would be lost"))
        #expect(model.dialog?.isReady == false)
    }
}
