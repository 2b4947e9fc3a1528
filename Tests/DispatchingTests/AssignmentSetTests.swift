import Dispatching
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct AssignmentSetTests {
    /// Tells the set of changes and gives the messages as lines.
    private func told(_ set: inout AssignmentSet, _ ids: [String], _ fixture: Fixture) -> [String] {
        set.incremental(changed: ids, on: fixture.state).map(\.line)
    }

    @Test func `the first message is complete, even if it is empty`() {
        var set = AssignmentSet(nodeID: "n1")
        #expect(set.complete(on: Fixture().state).line == "complete >1")
    }

    @Test func `only tasks of the node that are assigned are sent`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", .pending)
        try fixture.addTask("t2", .assigned)
        try fixture.addTask("t3", .running)
        try fixture.addTask("t4", node: "n2", .assigned)
        var set = AssignmentSet(nodeID: "n1")
        #expect(set.complete(on: fixture.state).line == "complete >1 +task:t2 +task:t3")
    }

    @Test func `each message applies to the one before it`() throws {
        var fixture = Fixture()
        var set = AssignmentSet(nodeID: "n1")
        _ = set.complete(on: fixture.state)
        try fixture.addTask("t1")
        #expect(self.told(&set, ["t1"], fixture) == ["incremental 1>2 +task:t1"])
        try fixture.change("t1") { $0.desiredState = .shutdown }
        #expect(self.told(&set, ["t1"], fixture) == ["incremental 2>3 +task:t1"])
        try fixture.commit { try $0.remove(SwarmTask.self, id: "t1") }
        #expect(self.told(&set, ["t1"], fixture) == ["incremental 3>4 -task:t1"])
    }

    @Test func `what the agent reported itself is not sent back`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", .accepted)
        var set = AssignmentSet(nodeID: "n1")
        _ = set.complete(on: fixture.state)
        try fixture.change("t1") { $0.status.state = .running }
        #expect(self.told(&set, ["t1"], fixture).isEmpty)
        #expect(self.told(&set, ["t1"], fixture).isEmpty, "nothing changed at all")
    }

    @Test func `a task in a state of the managers is sent with any change`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", .assigned)
        var set = AssignmentSet(nodeID: "n1")
        _ = set.complete(on: fixture.state)
        try fixture.change("t1") { $0.status.message = "scheduler assigned task to node" }
        #expect(self.told(&set, ["t1"], fixture) == ["incremental 1>2 +task:t1"])
    }

    @Test func `a dependency goes with its first user and leaves with its last`() throws {
        var fixture = Fixture()
        try fixture.addSecret("x")
        try fixture.addConfig("c")
        var set = AssignmentSet(nodeID: "n1")
        _ = set.complete(on: fixture.state)
        try fixture.addTask("t1", secrets: ["x"], configs: ["c"])
        #expect(self.told(&set, ["t1"], fixture) == ["incremental 1>2 +secret:x +config:c +task:t1"])
        try fixture.addTask("t2", secrets: ["x"])
        #expect(self.told(&set, ["t2"], fixture) == ["incremental 2>3 +task:t2"])
        try fixture.change("t1") { $0.status.state = .failed }
        #expect(self.told(&set, ["t1"], fixture) == ["incremental 3>4 -config:c"])
        try fixture.commit { try $0.remove(SwarmTask.self, id: "t2") }
        #expect(self.told(&set, ["t2"], fixture) == ["incremental 4>5 -task:t2 -secret:x"])
    }

    @Test func `a resource reference is a dependency too`() throws {
        var fixture = Fixture()
        try fixture.addSecret("x")
        try fixture.addTask("t1")
        try fixture.change("t1") {
            $0.spec.resourceReferences = [
                .with {
                    $0.resourceID = "x"
                    $0.resourceType = .secret
                }
            ]
        }
        var set = AssignmentSet(nodeID: "n1")
        #expect(set.complete(on: fixture.state).line == "complete >1 +secret:x +task:t1")
    }

    @Test func `a task that is over brings no dependencies`() throws {
        var fixture = Fixture()
        try fixture.addSecret("x")
        try fixture.addTask("t1", .complete, secrets: ["x"])
        var set = AssignmentSet(nodeID: "n1")
        #expect(set.complete(on: fixture.state).line == "complete >1 +task:t1")
    }

    @Test func `an incremental message has at most a hundred changes, a complete one all`() throws {
        var fixture = Fixture()
        let ids = (100..<350).map { "t\($0)" }
        for id in ids { try fixture.addTask(id) }
        var complete = AssignmentSet(nodeID: "n1")
        #expect(complete.complete(on: fixture.state).changes.count == 250)
        var set = AssignmentSet(nodeID: "n1")
        _ = set.complete(on: Fixture().state)
        let messages = set.incremental(changed: ids, on: fixture.state)
        #expect(messages.map(\.changes.count) == [100, 100, 50])
        #expect(messages.map(\.resultsIn) == ["2", "3", "4"])
    }

    @Test func `after a gap the set finds by itself what changed`() throws {
        var fixture = Fixture()
        for id in ["t1", "t2", "t3"] { try fixture.addTask(id, .running) }
        var set = AssignmentSet(nodeID: "n1")
        _ = set.complete(on: fixture.state)
        try fixture.commit { try $0.remove(SwarmTask.self, id: "t1") }
        try fixture.change("t2") { $0.desiredState = .remove }
        try fixture.addTask("t4")
        let messages = set.resynchronize(on: fixture.state).map(\.line)
        #expect(messages == ["incremental 1>2 -task:t1 +task:t2 +task:t4"])
    }
}
