import Primitives
import ReconcilerTesting
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `Trying a placement` {
    private func transcript(_ lines: String...) throws -> Transcript {
        var transcript = Transcript([Scheduler()])
        for line in lines { _ = try transcript.perform(line) }
        return transcript
    }

    @Test(
        "PE-10: a new service's tasks are shown with their nodes, and each node with its reason against one more"
    )
    func create() throws {
        let stage = try self.transcript(
            "node n1 memory=2G",
            "node n2 memory=1G",
            "node n3 availability=drain"
        )
        .stage
        let spec = SwarmServiceSpec.with {
            $0.annotations.name = "web"
            $0.replicated.replicas = 4
            $0.task.resources.reservations.memoryBytes = 1 << 30
        }
        let result = DryRun.create(spec, on: stage.state, now: stage.now)
        #expect(result.placements.map(\.nodeID) == ["n1", "n2", "n1", nil])
        #expect(
            result.placements.last?.reason
                == "no suitable node (insufficient resources on 2 nodes: none has 1 GiB of memory left; "
                + "1 node not available for new tasks)"
        )
        #expect(
            result.verdicts.map(\.reason) == [
                "insufficient resources on 1 node", "insufficient resources on 1 node",
                "1 node not available for new tasks",
            ]
        )
        #expect(stage.state.tasks.count == 0)
    }

    @Test("PE-10: a drain shows where the node's tasks would go, and what would find no place")
    func drain() throws {
        let stage = try self.transcript(
            "node n1 memory=2G",
            "node n2 memory=1G",
            "service web memory=1G",
            "task web.1 state=running node=n1",
            "task web.2 state=running node=n1"
        ).stage
        let result = DryRun.drain("n1", on: stage.state, now: stage.now)
        #expect(result.placements.map(\.slot) == [1, 2])
        #expect(result.placements.map(\.nodeID) == ["n2", nil])
        #expect(
            result.placements.last?.reason
                == "no suitable node (1 node not available for new tasks; "
                + "insufficient resources on 1 node: none has 1 GiB of memory left)"
        )
    }

    @Test func `a drain of a node that does not exist moves nothing`() throws {
        let stage = try self.transcript("node n1").stage
        #expect(DryRun.drain("n2", on: stage.state, now: stage.now).placements.isEmpty)
    }
}
