import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct VerbTests {
    private static let billing = SeenObject(id: "service-billing", version: 20)

    @Test func `R and y roll the service that was seen`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("R").isEmpty)
        #expect(model.text.contains("2 at a time"))
        #expect(model.type("y") == [.roll(request: 1, service: Self.billing)])
        model.answer(.done)
        #expect(model.text.contains("Done: the tasks of billing are being replaced"))
    }

    @Test func `B and y roll back where there is a spec before`() {
        var model = Fixture.model()
        model.type("B")
        #expect(model.dialog == nil)
        #expect(model.text.contains("api has no spec before this one"))
        model.press(.down)
        model.type("B")
        #expect(model.text.contains("billing:5.1 -> billing:5.0"))
        #expect(model.text.contains("4 -> 3"))
        #expect(model.type("y") == [.rollBack(request: 1, service: Self.billing)])
        model.answer(.conflict(version: 21, now: .object))
        #expect(model.text.contains("version 20 -> 21"))
        let again = SeenObject(id: "service-billing", version: 21)
        #expect(model.type("y") == [.rollBack(request: 2, service: again)])
    }

    @Test func `B tells of another command`() {
        var model = Fixture.model()
        model.press(.down)
        var changed = Fixture.service("billing", 4, age: 0, version: 21)
        changed.spec.task.container.command = ["serve"]
        changed.spec.task.container.args = ["--fast"]
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, changed)]), now: Fixture.now)
        model.type("B")
        #expect(model.text.contains("command   serve --fast -> -"))
    }

    @Test func `X removes a service only after its name was typed`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("Xbillin")
        #expect(model.press(.control("x")).isEmpty)
        model.type("g")
        #expect(model.press(.control("x")) == [.removeService(request: 1, service: Self.billing)])
    }

    @Test func `X removes a worker that is down and no other node`() {
        var model = Fixture.model()
        model.type("1X")
        #expect(model.text.contains("mgr-1 is a manager: demote it first"))
        model.press(.down, .down, .down)
        model.type("X")
        #expect(model.text.contains("w01 is up"))
        #expect(model.dialog == nil)
        model.press(.end)
        model.type("Xw07")
        let node = SeenObject(id: "node-w07", version: 10)
        #expect(model.press(.control("x")) == [.removeNode(request: 1, node: node)])
    }

    @Test func `R means the root where certificates are listed`() {
        var model = Fixture.model()
        model.type("9R")
        #expect(model.text.contains("Rotate root CA"))
        var nodes = Fixture.model()
        nodes.type("1R")
        #expect(nodes.dialog == nil)
        #expect(nodes.text.contains("go to 9 Certs"))
    }

    @Test func `the menu opens a question by letter and by Enter, and never changes anything itself`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("aB").isEmpty)
        #expect(model.text.contains("Roll back billing"))
        model.press(.escape)
        #expect(model.press(.character("a"), .down, .enter).isEmpty)
        #expect(model.text.contains("Roll billing"))
        model.press(.escape)
        model.press(.character("a"), .escape)
        #expect(model.mode == .browsing)
    }

    @Test func `the menu tells of each verb why it is not possible`() {
        var model = Fixture.model(readOnly: true)
        model.type("a")
        let count = Verb.allCases.count
        #expect(model.text.split(separator: "\n").count { $0.contains("off: changes are off") } == count)
        model.press(.enter)
        #expect(model.dialog == nil)
    }

    @Test(arguments: [
        (":roll billing", "Roll billing"), (":rollback billing", "Roll back billing"),
        (":rm billing", "Remove service billing"), (":rm-node w07", "Remove node w07"),
    ])
    func `a command goes to its object and asks`(command: String, title: String) {
        var model = Fixture.model()
        model.type("3" + command)
        #expect(model.press(.enter).isEmpty)
        #expect(model.text.contains(title))
        #expect(model.dialog?.name == model.selected.map { String($0.split(separator: "-")[1]) })
    }
}
