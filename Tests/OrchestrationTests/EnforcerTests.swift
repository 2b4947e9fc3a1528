import Orchestration
import ReconcilerTesting
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `A node that changes under its tasks` {
    private let rejected =
        #""task rejected by constraint enforcer" err="assigned node no longer meets constraints""#

    @Test("CN-04: loses the tasks whose constraints it no longer meets")
    func constraints() throws {
        let script = """
            node n1 label.zone=east
            service web replicas=1 constraint=node.labels.zone==east delay=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            node n1 availability=pause label.zone=west
            plan
            | nothing
            node n1 availability=active
            plan
            | web.1 state=rejected \(self.rejected)
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            """
        #expect(
            try Transcript.play(script, on: ServiceOrchestrator(), ConstraintEnforcer()) == script
        )
    }

    @Test func `keeps tasks of another spec by their own constraints`() throws {
        let script = """
            node n1 label.zone=east
            service web replicas=1 image=old constraint=node.labels.zone==east monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            service web image=new constraint=node.labels.disk==ssd order=start-first \
            label.swarmd.update.progress-deadline=10s
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            wait 10s
            plan
            | service web update=paused "update paused due to late start of task web.1#2"
            restart
            plan
            | nothing
            node n1 label.zone=west
            plan
            | web.1 state=rejected \(self.rejected)
            """
        #expect(
            try Transcript.play(script, on: ServiceOrchestrator(), ConstraintEnforcer()) == script
        )
    }

    @Test func `keeps what a paused update has left, also under a new leader`() throws {
        let script = """
            node n1 label.zone=east
            node n2 label.zone=west
            service web replicas=2 parallelism=1 label.swarmd.update.progress-deadline=10s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web constraint=node.labels.zone==north
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            wait 10s
            plan
            | service web update=paused "update paused due to late start of task web.1#2"
            restart
            plan
            | nothing
            """
        #expect(
            try Transcript.play(script, on: ServiceOrchestrator(), ConstraintEnforcer()) == script
        )
    }

    @Test("BUG-04: a task that does not fit says nothing of the node's other tasks")
    func resources() throws {
        let script = """
            node n1 memory=4G
            service big memory=3G
            service small memory=1G
            task big.1 state=running node=n1
            task small.1 state=running node=n1
            plan
            | nothing
            node n1 memory=2G
            plan
            | big.1 state=rejected \(self.rejected)
            """
        #expect(try Transcript.play(script, on: ConstraintEnforcer()) == script)
    }

    @Test("CN-05: tasks leave a volume that is drained")
    func volumes() throws {
        var stage = Stage([VolumeEnforcer()])
        var volume = SwarmVolume()
        (volume.id, volume.spec.annotations.name) = ("v", "v")
        var task = SwarmTask()
        (task.id, task.nodeID, task.status.state, task.desiredState) = ("t", "n", .running, .running)
        task.volumes = [.with { $0.id = "v" }]
        try stage.commit {
            try $0.create(volume)
            try $0.create(task)
        }
        #expect(stage.plan().isEmpty)
        var drained = try #require(stage.state.volumes["v"])
        drained.spec.availability = .drain
        try stage.commit { try $0.update(drained) }
        #expect(stage.plan().count == 1)
        #expect(stage.state.tasks["t"]?.status.err == "attached to volume which is being drained")
        #expect(stage.state.tasks["t"]?.status.state == .rejected)
    }
}

@Suite struct `Draining a node` {
    @Test func `moves one task after the other where the node asks for it`() throws {
        let script = """
            node n1
            service web replicas=2
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            node n1 availability=drain label.swarmd.drain.interval=5s
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            plan
            | nothing
            wait 5s
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            """
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test func `starts the new task before the old one stops where the node asks for it`() throws {
        let script = """
            node n1
            service web replicas=1
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            node n1 availability=drain label.swarmd.drain.order=start-first
            plan
            | create web.1#2 desired=running "created"
            plan
            | nothing
            task web.1#2 state=running
            plan
            | web.1 desired=shutdown
            """
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }
}

@Suite struct `A task that crashes again and again` {
    @Test func `waits longer each time, says so, and starts afresh after it has held out`() throws {
        let script = """
            service web delay=1s
            plan
            | create web.1 desired=running "created"
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            wait 1s
            plan
            | web.1#2 desired=running
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            wait 1s
            plan
            | web.1#3 desired=running
            task web.1 state=failed
            plan
            | web.1#3 desired=shutdown "crash-looping: ended 3 times in a row, next start in 2 s"
            | create web.1#4 desired=ready "created"
            deadline
            | in 2s
            wait 2s
            plan
            | web.1#4 desired=running
            wait 10s
            task web.1 state=failed
            plan
            | web.1#4 desired=shutdown
            | create web.1#5 desired=ready "created"
            deadline
            | in 1s
            """
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }
}
