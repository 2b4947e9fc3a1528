import Orchestration
import Primitives
import ReconcilerTesting
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `A replicated service` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test func `gets its tasks, in slots from one`() throws {
        try self.check(
            """
            service web replicas=2
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            plan
            | nothing
            service web replicas=3
            plan
            | create web.3 desired=running "created"
            deadline
            | never
            """
        )
    }

    @Test func `gives up the copies of the fullest nodes first, and of slots that do not run`() throws {
        try self.check(
            """
            node n1
            node n2
            service web replicas=5
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            | create web.4 desired=running "created"
            | create web.5 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            task web.3 state=running node=n1
            task web.4 state=running node=n2
            task web.5 state=pending
            service web replicas=4
            plan
            | web.5 desired=remove
            service web replicas=2
            plan
            | web.2 desired=remove
            | web.3 desired=remove
            plan
            | nothing
            service web replicas=3
            plan
            | create web.2#2 desired=ready "created"
            """
        )
    }

    @Test func `gets very many tasks in parts, and hears a change of mind in between`() throws {
        var stage = Stage([ServiceOrchestrator()])
        let service = SwarmService.with {
            $0.id = "web"
            $0.spec.annotations.name = "web"
            $0.spec.replicated.replicas = 12_000
        }
        try stage.commit { try $0.create(service) }
        #expect(stage.plan().count == 5_000)
        #expect(stage.plan().count == 5_000)
        var fewer = try #require(stage.state.services["web"])
        fewer.spec.replicated.replicas = 10_001
        try stage.commit { try $0.update(fewer) }
        #expect(stage.plan().count == 1)
        #expect(stage.plan().isEmpty)
        #expect(stage.state.tasks.count == 10_001)
    }

    @Test func `has all tasks removed when it is removed`() throws {
        try self.check(
            """
            service web replicas=2
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            remove service web
            settle
            | web.2 desired=remove
            | web.1 desired=remove
            deadline
            | never
            restart
            plan
            | nothing
            """
        )
    }

    @Test func `gets a failed task replaced after the restart delay`() throws {
        try self.check(
            """
            node n1
            service web delay=5s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            deadline
            | in 5s
            wait 4s
            plan
            | nothing
            wait 1s
            plan
            | web.1#2 desired=running
            plan
            | nothing
            """
        )
    }

    @Test func `waits five seconds where its spec does not say`() throws {
        try self.check(
            """
            service web
            plan
            | create web.1 desired=running "created"
            task web.1 state=rejected
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            deadline
            | in 5s
            """
        )
    }

    @Test func `does not hurry when the replacement fails before its delay is over`() throws {
        try self.check(
            """
            node n1
            service web delay=5s
            plan
            | create web.1 desired=running "created"
            task web.1 state=failed node=n1
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            wait 2s
            task web.1 state=rejected node=n1
            plan
            | nothing
            deadline
            | in 3s
            wait 3s
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            deadline
            | in 5s
            """
        )
    }

    @Test func `is left alone after its end when the condition says so`() throws {
        try self.check(
            """
            service once restart=none replicas=2
            service calm restart=on-failure
            plan
            | create calm.1 desired=running "created"
            | create once.1 desired=running "created"
            | create once.2 desired=running "created"
            task once.1 state=failed
            task once.2 state=complete
            task calm.1 state=complete
            plan
            | calm.1 desired=shutdown
            | once.1 desired=shutdown
            | once.2 desired=shutdown
            restart
            plan
            | nothing
            service once replicas=3
            plan
            | create once.3 desired=running "created"
            """
        )
    }

    @Test func `is restarted as often as allowed, also across leaders, and afresh after a change`() throws {
        try self.check(
            """
            service web attempts=1 delay=0s
            plan
            | create web.1 desired=running "created"
            wait 1s
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            restart
            plan
            | nothing
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            plan
            | nothing
            service web image=better
            plan
            | create web.1#3 desired=running "created"
            | service web update=updating
            task web.1 state=failed
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            | service web update=paused "update paused due to failure or early termination of task web.1#3"
            """
        )
    }

    @Test func `is restarted without end when attempts are counted in a window`() throws {
        try self.check(
            """
            service web attempts=1 delay=0s window=10s
            plan
            | create web.1 desired=running "created"
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            wait 11s
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            wait 5s
            task web.1 state=failed
            plan
            | web.1#3 desired=shutdown
            """
        )
    }

    @Test func `moves from a drained node without delay, once its task there has stopped`() throws {
        try self.check(
            """
            node n1
            node n2
            service web
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            node n1 availability=drain
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            deadline
            | in 60s
            task web.1 state=ready node=n2
            plan
            | nothing
            wait 60s
            plan
            | web.1#2 desired=running
            """
        )
    }

    @Test func `starts the replacement as soon as the old task has stopped`() throws {
        try self.check(
            """
            node n1
            service web
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            node n1 availability=drain
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            """
        )
    }

    @Test func `moves from a lost node after the delay, and stays on one that is paused or silent`() throws {
        try self.check(
            """
            node n1
            node n2
            service web replicas=2 delay=5s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n2
            node n1 state=unknown
            node n2 availability=pause
            plan
            | nothing
            node n1 state=down
            remove node n2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            wait 5s
            plan
            | web.1#2 desired=running
            | web.2#2 desired=running
            """
        )
    }

    @Test func `has a delay go on under a new leader`() throws {
        try self.check(
            """
            service web delay=10s
            plan
            | create web.1 desired=running "created"
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            wait 4s
            restart
            plan
            | nothing
            deadline
            | in 6s
            wait 6s
            plan
            | web.1#2 desired=running
            """
        )
    }

    @Test func `catches a task that is given to a node which was lost meanwhile`() throws {
        try self.check(
            """
            node n1
            service web delay=0s
            plan
            | create web.1 desired=running "created"
            node n1 state=down
            plan
            | nothing
            task web.1 state=assigned node=n1
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            """
        )
    }

    @Test func `is not decided on again before the last decision was seen`() throws {
        let now = Timestamp(seconds: 1)
        var generator = SeededGenerator(seed: 1)
        var service = SwarmService.with {
            $0.id = "web"
            $0.spec.annotations.name = "web"
            $0.spec.replicated.replicas = 2
        }
        var first = Transaction(on: StoreState(), version: 1, now: now)
        try first.create(service)
        var orchestrator = ServiceOrchestrator()
        orchestrator.start(on: first.state, now: now)
        let edits = orchestrator.plan(on: first.state, now: now, using: &generator)
        #expect(edits.count == 2)

        // Another writer's commit is seen before that of the two tasks.
        service = try #require(first.state.services["web"])
        service.spec.replicated.replicas = 3
        var second = Transaction(on: first.state, version: 2, now: now)
        try second.update(service)
        orchestrator.observe(Commit(index: 2, changes: second.changes, state: second.state), now: now)
        let none = orchestrator.plan(on: second.state, now: now, using: &generator)
        #expect(none == [])

        var third = Transaction(on: second.state, version: 3, now: now)
        for case .create(.task(let task)) in edits { try third.create(task) }
        orchestrator.observe(Commit(index: 3, changes: third.changes, state: third.state), now: now)
        let more = orchestrator.plan(on: third.state, now: now, using: &generator)
        #expect(more.count == 1)
    }
}
