import Orchestration
import ReconcilerTesting
import Testing

@Suite struct `An update that goes wrong` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test("UP-07, UP-09: is taken back where the service says so")
    func rollsBack() throws {
        try self.check(
            """
            service web replicas=2 image=old failure-action=rollback rollback-parallelism=0 rollback-monitor=2s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running
            task web.2 state=running
            service web image=broken
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1 state=running
            wait 3s
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.1#2"
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            task web.1 state=running
            plan
            | nothing
            wait 2s
            plan
            | service web update=rollbackCompleted "rollback completed"
            """
        )
    }

    @Test("BUG-02: a rollback that fails is paused, whatever its own failure action")
    func rollbackFails() throws {
        try self.check(
            """
            service web replicas=1 image=old failure-action=rollback rollback-failure-action=rollback
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=broken
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.1#2"
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            task web.1 state=failed
            plan
            | web.1#4 desired=shutdown
            | create web.1#5 desired=ready "created"
            | service web update=rollbackPaused \
            "rollback paused due to failure or early termination of task web.1#4"
            wait 60s
            plan
            | web.1#5 desired=running
            task web.1 state=running
            wait 60s
            plan
            | nothing
            """
        )
    }

    @Test("UP-06: goes on where failures are few, or do not matter")
    func toleratesFailures() throws {
        try self.check(
            """
            service web replicas=2 image=old ratio=0.5 monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running
            task web.2 state=running
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            task web.2 state=running
            plan
            | service web update=completed
            """
        )
    }

    @Test("BUG-14: does not wait for ever for a task to run")
    func deadline() throws {
        try self.check(
            """
            service web replicas=1 image=old label.swarmd.update.progress-deadline=2m
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=slow
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            deadline
            | in 120s
            wait 119s
            plan
            | nothing
            wait 1s
            plan
            | service web update=paused "update paused due to late start of task web.1#2"
            """
        )
    }

    @Test("UP-08: watches the last tasks before it is complete")
    func monitors() throws {
        try self.check(
            """
            service web replicas=1 image=old update-delay=8s monitor=5s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1 state=running
            plan
            | nothing
            deadline
            | in 9s
            wait 9s
            plan
            | service web update=completed
            """
        )
    }

    @Test("UP-04: start-first leaves the old task until the new one runs")
    func startFirst() throws {
        try self.check(
            """
            service web replicas=1 image=old order=start-first monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=new
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            restart
            plan
            | nothing
            task web.1#2 state=running
            plan
            | web.1 desired=shutdown
            | service web update=completed
            """
        )
    }

    @Test("UP-05: a rollback keeps the old task where start-first has left it, and removes the new one")
    func keepsCleanTask() throws {
        try self.check(
            """
            node n1
            service web replicas=1 image=old order=start-first failure-action=rollback rollback-monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            service web image=broken
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1#2 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.1#2"
            plan
            | web.1#3 desired=shutdown
            | service web update=rollbackCompleted "rollback completed"
            """
        )
    }

    @Test("UP-11: a rollback by hand obeys the rollback's settings, and says when it is complete")
    func manualRollback() throws {
        try self.check(
            """
            service web replicas=2 image=old monitor=0s parallelism=0 rollback-parallelism=1 rollback-monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            | service web update=updating
            rollback web
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            task web.1 state=running
            plan
            | web.2#2 desired=shutdown
            | create web.2#3 desired=running "created"
            task web.2 state=running
            plan
            | service web update=rollbackCompleted "rollback completed"
            """
        )
    }

    @Test("UP-02: another constraint replaces only tasks whose node does not meet it")
    func constraintOnly() throws {
        try self.check(
            """
            node n1 label.zone=east
            node n2 label.zone=west
            service web replicas=2 parallelism=0
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n2
            service web constraint=node.labels.zone==east
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            | service web update=updating
            """
        )
    }
}
