import ReconcilerTesting
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Orchestration

@Suite struct ImpactTests {
    private func stage(_ lines: String...) throws -> Stage {
        var transcript = Transcript([Scheduler()])
        for line in lines { _ = try transcript.perform(line) }
        return transcript.stage
    }

    private func preview(
        _ stage: Stage,
        limit: Int = Impact.taskLimit,
        _ fill: (inout SwarmdPreviewRequest) -> Void
    ) throws -> SwarmdPreviewResponse {
        var request = SwarmdPreviewRequest()
        fill(&request)
        let count = stage.state.tasks.count
        defer { #expect(stage.state.tasks.count == count) }
        return try Impact.preview(request, on: stage.state, now: stage.now, limit: limit)
    }

    private static func node(
        _ id: String,
        _ availability: SwarmNodeSpec.Availability
    ) -> SwarmdPreviewNodeChange {
        .with { ($0.nodeID, $0.availability) = (id, availability) }
    }

    private static func scale(_ name: String, _ replicas: UInt64) -> SwarmdPreviewServiceChange {
        .with { ($0.serviceID, $0.replicas) = ("service-\(name)", replicas) }
    }

    @Test func `a drain tells what stops, what goes where, what is not replaced and what will wait`() throws {
        let stage = try self.stage(
            "node n1 cpus=4 memory=4G",
            "node n2 cpus=4 memory=2G",
            "service web memory=1G",
            "service db constraint=node.hostname==n1",
            "service agent mode=global",
            "task web.1 state=running node=n1",
            "task web.2 state=running node=n1",
            "task web.3 state=running node=n1",
            "task db.1 state=running node=n1",
            "task agent.0 state=running node=n1"
        )
        let answer = try self.preview(stage) { $0.nodes = [Self.node("n1", .drain)] }
        #expect(answer.stopping == 5 && answer.unreplaced == 1)
        #expect(answer.starting == 4 && answer.placed == 2 && !answer.cut)
        #expect(answer.places.map(\.hostname) == ["n2"] && answer.places.map(\.tasks) == [2])
        #expect(answer.room.nodes == 1 && answer.room.freeMemoryBytes == 2 << 30)
        #expect(answer.room.neededMemoryBytes == 3 << 30)
        let pending = Dictionary(uniqueKeysWithValues: answer.pending.map { ($0.serviceName, $0) })
        #expect(pending["db"]?.constraints == ["node.hostname==n1"])
        #expect(pending["db"]?.hostname == "n1" && pending["db"]?.slots == [1])
        #expect(
            pending["db"]?.reason
                == "no suitable node (1 node not available for new tasks; "
                + "scheduling constraints not satisfied on 1 node: none meets node.hostname==n1)"
        )
        #expect(
            pending["web"]?.reason
                == "no suitable node (1 node not available for new tasks; "
                + "insufficient resources on 1 node: none has 1 GiB of memory left)"
        )
        #expect(pending["web"]?.constraints == [] && pending["web"]?.hostname == "")
        let web = try #require(answer.services.first { $0.serviceName == "web" })
        #expect(web.running == 3 && web.stopping == 3 && web.starting == 3 && web.placed == 2)
    }

    @Test func `several nodes are drained at once: none takes the other's tasks`() throws {
        let stage = try self.stage(
            "node n1",
            "node n2",
            "node n3",
            "service web replicas=2",
            "task web.1 state=running node=n1",
            "task web.2 state=running node=n2"
        )
        let answer = try self.preview(stage) {
            $0.nodes = [Self.node("n1", .drain), Self.node("n2", .drain)]
        }
        #expect(answer.places.map(\.nodeID) == ["n3"] && answer.placed == 2)
    }

    @Test func `a pause stops nothing, and an activation gives waiting tasks a node`() throws {
        let stage = try self.stage(
            "node n1 availability=drain",
            "service web",
            "service agent mode=global",
            "task web.1 state=pending"
        )
        let active = try self.preview(stage) { $0.nodes = [Self.node("n1", .active)] }
        #expect(active.relieved == 1 && active.starting == 1 && active.placed == 1 && active.stopping == 0)
        let paused = try self.preview(stage) { $0.nodes = [Self.node("n1", .pause)] }
        #expect(paused.starting == 0 && paused.stopping == 0 && paused.relieved == 0)
    }

    @Test func `more replicas are placed as far as there is room, spread over the label`() throws {
        let stage = try self.stage(
            "node n1 memory=2G label.zone=a",
            "node n2 memory=2G label.zone=b",
            "service web replicas=2 memory=1G spread=node.labels.zone",
            "task web.1 state=running node=n1",
            "task web.2 state=running node=n2"
        )
        let answer = try self.preview(stage) { $0.services = [Self.scale("web", 5)] }
        #expect(answer.starting == 3 && answer.placed == 2 && answer.stopping == 0)
        let web = try #require(answer.services.first)
        #expect(web.spreadOver == "node.labels.zone" && web.wanted == 5 && web.memoryBytes == 1 << 30)
        #expect(web.spread.map(\.value) == ["a", "b"] && web.spread.map(\.tasks) == [2, 2])
        #expect(
            answer.pending.map(\.reason) == [
                "no suitable node (insufficient resources on 2 nodes: none has 1 GiB of memory left)"
            ]
        )
        #expect(answer.pending.map(\.tasks) == [1])
    }

    @Test func `fewer replicas stop where most copies are`() throws {
        let stage = try self.stage(
            "node n1",
            "node n2",
            "service web replicas=3",
            "task web.1 state=running node=n1",
            "task web.2 state=running node=n1",
            "task web.3 state=running node=n2"
        )
        let answer = try self.preview(stage) { $0.services = [Self.scale("web", 2)] }
        #expect(answer.stopping == 1 && answer.starting == 0)
        #expect(answer.services.first?.spread.map(\.value) == ["n1", "n2"])
        #expect(answer.services.first?.spread.map(\.tasks) == [1, 1])
    }

    @Test func `another spec replaces the tasks that differ, and a new one places all`() throws {
        let stage = try self.stage(
            "node n1 memory=2G",
            "service web replicas=2 memory=1G",
            "task web.1 state=running node=n1",
            "task web.2 state=running node=n1"
        )
        var spec = try #require(stage.state.services["service-web"]).spec
        spec.task.container.image = "web:2"
        let update = try self.preview(stage) {
            $0.services = [.with { ($0.serviceID, $0.spec) = ("service-web", spec) }]
        }
        #expect(update.stopping == 2 && update.starting == 2 && update.placed == 2)
        spec.annotations.name = "other"
        let create = try self.preview(stage) { $0.services = [.with { $0.spec = spec }] }
        #expect(create.starting == 2 && create.placed == 0 && create.stopping == 0)
    }

    @Test func `too many tasks are cut, and the answer says so`() throws {
        let stage = try self.stage("node n1", "service web")
        let answer = try self.preview(stage, limit: 10) { $0.services = [Self.scale("web", 1_000_000)] }
        #expect(answer.cut && answer.placed == 10 && answer.starting == 1_000_000)
    }

    @Test func `a global service does not scale, and what does not exist is said`() throws {
        let stage = try self.stage("node n1", "service agent mode=global")
        #expect(throws: Impact.Mistake.self) {
            try self.preview(stage) { $0.services = [Self.scale("agent", 3)] }
        }
        #expect(throws: Impact.Mistake(text: "node n9 does not exist", isMissing: true)) {
            try self.preview(stage) { $0.nodes = [Self.node("n9", .drain)] }
        }
    }
}
