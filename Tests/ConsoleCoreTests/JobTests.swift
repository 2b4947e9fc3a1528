import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct JobTests {
    @Test func `updates are counted by tasks made since they began, and paused ones stand first`() {
        let jobs = Job.all(in: Fixture.model().cluster).map(\.text)
        #expect(jobs == ["update billing 0/4  stuck: update paused due to failure", "update search 3/6"])
    }

    @Test func `a drain counts down and is gone when the node is empty`() {
        var model = Fixture.model()
        let drained = Fixture.node("w01", availability: .drain, version: 11)
        _ = update(&model, .changed([.with { $0.object.node = drained }]), now: Fixture.now)
        let live = model.cluster.byNode["node-w01"]?.live ?? 0
        #expect(live > 0)
        #expect(Job.all(in: model.cluster).map(\.text).contains("drain w01 \(live) left"))
        for task in Fixture.tasks where task.nodeID == "node-w01" {
            _ = update(&model, .changed([Fixture.event(.watchActionRemove, task)]), now: Fixture.now)
        }
        #expect(!Job.all(in: model.cluster).contains { $0.title.hasPrefix("drain") })
    }

    @Test func `a rotation that waits for a node that is down is stuck`() {
        var model = Fixture.model()
        model.take(trust: Fixture.rotating)
        #expect(
            Job.all(in: model.cluster).map(\.text).contains("CA rotation 4/7  stuck: w07 down for 26m")
        )
    }

    @Test func `the strip gives way to a message, and goes on beside good news where there is room`() {
        var model = Fixture.model()
        #expect(model.screen.lines[22].contains("update billing 0/4"))
        model.say("short")
        #expect(model.screen.lines[22].hasPrefix(" short  ") && !model.screen.lines[22].contains("→"))
        model.say("short", .good)
        #expect(model.screen.lines[22].hasPrefix(" short   → update billing 0/4  stuck: "))
        #expect(!model.screen.lines[22].contains("z:jobs"))
        model.say(String(repeating: "long ", count: 14), .good)
        #expect(!model.screen.lines[22].contains("→"))
        _ = update(&model, .tick, now: Fixture.now + .seconds(11))
        #expect(model.screen.lines[22].hasPrefix(" → update billing 0/4"))
    }

    @Test func `a drain is told of as soon as it is done`() {
        var model = Fixture.model()
        for name in ["billing", "search"] {
            let gone = Fixture.event(.watchActionRemove, Fixture.service(name, 1, age: 0))
            _ = update(&model, .changed([gone]), now: Fixture.now)
        }
        model.type("1")
        model.press(.down, .down, .down)
        model.type("Dy")
        model.answer(.done)
        let drained = Fixture.node("w01", availability: .drain, version: 11)
        _ = update(&model, .changed([.with { $0.object.node = drained }]), now: Fixture.now)
        let live = model.cluster.byNode["node-w01"]?.live ?? 0
        let words = "Done: w01 is drain now (was active)   u: undo   → drain w01 \(live) left"
        #expect(model.screen.lines[22].hasPrefix(" \(words)"))
    }

    @Test func `u asks for the number before, at the version that is seen now`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15y")
        model.answer(.done)
        let scaled = Fixture.service("billing", 15, age: 0, version: 21)
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, scaled)]), now: Fixture.now)
        #expect(model.type("u").isEmpty)
        #expect(
            model.type("y") == [.scale(request: 2, serviceID: "service-billing", version: 21, replicas: 4)]
        )
    }

    @Test func `u asks for the availability and the roles before`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down)
        model.type("Dy")
        model.answer(.done)
        let drained = Fixture.node("w01", availability: .drain, version: 11)
        _ = update(&model, .changed([.with { $0.object.node = drained }]), now: Fixture.now)
        model.type("u")
        #expect(model.text.contains("Activate w01"))
        model.press(.escape)
        model.type("Py")
        model.answer(.done)
        model.type("u")
        #expect(model.text.contains("w01 is a worker already"))
    }

    @Test func `after a minute, or before any change, there is nothing to undo`() {
        var model = Fixture.model()
        model.type("u")
        #expect(model.text.contains("nothing to undo"))
        model.press(.down)
        model.type("S15y")
        model.answer(.done)
        #expect(model.undo != nil)
        _ = update(&model, .tick, now: Fixture.now + .seconds(61))
        #expect(model.undo == nil)
    }
}
