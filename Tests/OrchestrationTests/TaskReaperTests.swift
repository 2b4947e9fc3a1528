import Orchestration
import ReconcilerTesting
import Testing

@Suite struct `Deleting tasks` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator(), TaskReaper()) == script)
    }

    @Test func `the oldest ended tasks of a slot go when there are too many`() throws {
        try self.check(
            """
            cluster history=2
            service web delay=0s
            plan
            | create web.1 desired=running "created"
            wait 1s
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            wait 1s
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            wait 250ms
            plan
            | remove web.1
            """
        )
    }

    @Test func `removed tasks go once they have ended or were never given to a node`() throws {
        try self.check(
            """
            node n1
            service web replicas=2
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            remove service web
            plan
            | web.2 desired=remove
            | web.1 desired=remove
            deadline
            | in 250ms
            wait 1s
            plan
            | remove web.2
            wait 1s
            plan
            | nothing
            task web.1 state=shutdown
            plan
            | nothing
            wait 250ms
            plan
            | remove web.1
            deadline
            | never
            """
        )
    }

    @Test func `a negative limit keeps everything, and a change of the limit takes effect`() throws {
        try self.check(
            """
            cluster history=-1
            service web delay=0s
            plan
            | create web.1 desired=running "created"
            wait 1s
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            wait 1s
            plan
            | nothing
            cluster history=0
            wait 1s
            plan
            | remove web.1
            """
        )
    }

    @Test func `as many tasks are kept as restarts are allowed, and one more`() throws {
        try self.check(
            """
            cluster history=0
            service web delay=0s attempts=2
            plan
            | create web.1 desired=running "created"
            wait 1s
            task web.1 state=failed
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            wait 1s
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            wait 1s
            plan
            | nothing
            """
        )
    }

    @Test func `an orphan without a service goes, a living one stays`() throws {
        try self.check(
            """
            node n1
            task lost state=running node=n1
            task kept state=running node=n1
            task lost state=orphaned
            wait 1s
            plan
            | remove lost
            """
        )
    }

    @Test("BUG-03: a job's tasks are trimmed too, but not what has completed in its present run")
    func jobs() throws {
        try self.check(
            """
            cluster history=0
            service sum completions=2 concurrent=1
            plan
            | create sum.1 desired=complete "created"
            task sum.1 state=complete
            plan
            | create sum.2 desired=complete "created"
            wait 250ms
            plan
            | nothing
            task sum.2 state=complete
            wait 250ms
            plan
            | nothing
            wait 250ms
            plan
            | nothing
            service sum force=1
            plan
            | sum.2 desired=remove
            | sum.1 desired=remove
            | create sum.1#2 desired=complete "created"
            wait 250ms
            plan
            | remove sum.2
            | remove sum.1
            """
        )
    }

    @Test func `the newest task of a slot stays, so that what must not be restarted is not`() throws {
        try self.check(
            """
            cluster history=0
            service web restart=none
            plan
            | create web.1 desired=running "created"
            task web.1 state=complete
            plan
            | web.1 desired=shutdown
            wait 250ms
            plan
            | nothing
            wait 250ms
            plan
            | nothing
            """
        )
    }

    @Test func `tasks that count as restarts are not displaced by one that still stops`() throws {
        try self.check(
            """
            node n1
            service web replicas=1 attempts=1 delay=0s monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            service web image=new
            wait 1s
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            service web image=newer
            wait 1s
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=updating
            task web.1#3 state=failed
            wait 1s
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=ready "created"
            | service web update=paused "update paused due to failure or early termination of task web.1#3"
            | remove web.1#2
            wait 1s
            plan
            | nothing
            wait 61s
            plan
            | web.1#4 desired=running
            task web.1#4 state=failed
            plan
            | web.1#4 desired=shutdown
            wait 1s
            plan
            | nothing
            restart
            plan
            | nothing
            wait 1s
            plan
            | nothing
            """
        )
    }
}
