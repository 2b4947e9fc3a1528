import Orchestration
import ReconcilerTesting
import Testing

/// What becomes of updates that go wrong, as an operator sees it: where the service ends up, and what it says.
@Suite struct `An upgrade` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test func `to an image that cannot be fetched is paused at the first task, and the others go on`() throws
    {
        try self.check(
            """
            node n1
            service web replicas=3 image=old:1 delay=5s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            task web.3 state=running node=n1
            service web image=typo:2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            task web.1#2 state=rejected err=no_such_image
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=paused "update paused due to failure or early termination of task web.1#2"
            wait 5s
            plan
            | web.1#3 desired=running
            task web.1#3 state=rejected err=no_such_image
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=ready "created"
            show web
            | service web image=typo:2 update=paused \
            "update paused due to failure or early termination of task web.1#2"
            | web.1#4 image=typo:2 new after "no such image"
            | web.2 image=old:1 running
            | web.3 image=old:1 running
            wait 600s
            plan
            | web.1#4 desired=running
            show web
            | service web image=typo:2 update=paused \
            "update paused due to failure or early termination of task web.1#2"
            | web.1#4 image=typo:2 new after "no such image"
            | web.2 image=old:1 running
            | web.3 image=old:1 running
            """
        )
    }

    @Test func `that never gets healthy is taken back where the service says so`() throws {
        try self.check(
            """
            node n1
            service web replicas=3 image=old:1 failure-action=rollback rollback-monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            task web.3 state=running node=n1
            service web image=sick:2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            wait 20s
            task web.1#2 state=failed err=unhealthy_container
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.1#2"
            show web
            | service web image=old:1 update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.1#2"
            | web.1#3 image=sick:2 new after "unhealthy container"
            | web.2 image=old:1 running
            | web.3 image=old:1 running
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            wait 5s
            plan
            | nothing
            task web.1#4 state=running node=n1
            plan
            | service web update=rollbackCompleted "rollback completed"
            show web
            | service web image=old:1 update=rollbackCompleted "rollback completed"
            | web.1#4 image=old:1 running
            | web.2 image=old:1 running
            | web.3 image=old:1 running
            """
        )
    }

    @Test func `that starts all new tasks first loses nothing when one of them never gets healthy`() throws {
        try self.check(
            """
            node n1
            service web replicas=3 image=old:1 order=start-first parallelism=0 failure-action=rollback \
            rollback-monitor=0s rollback-order=start-first
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            task web.3 state=running node=n1
            service web image=sick:2
            plan
            | create web.1#2 desired=running "created"
            | create web.2#2 desired=running "created"
            | create web.3#2 desired=running "created"
            | service web update=updating
            task web.1#2 state=running node=n1
            task web.2#2 state=starting node=n1
            plan
            | web.1 desired=shutdown
            task web.2#2 state=failed err=unhealthy_container
            plan
            | web.2#2 desired=shutdown
            | create web.2#3 desired=ready "created"
            | service web update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.2#2"
            show web
            | service web image=old:1 update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.2#2"
            | web.1#2 image=sick:2 running
            | web.2 image=old:1 running
            | web.2#3 image=sick:2 new after "unhealthy container"
            | web.3 image=old:1 running
            | web.3#2 image=sick:2 new
            plan
            | web.2#3 desired=shutdown
            | web.3#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            task web.1#1 state=shutdown
            plan
            | web.1#3 desired=running
            task web.1#3 state=running node=n1
            plan
            | web.1#2 desired=shutdown
            | service web update=rollbackCompleted "rollback completed"
            show web
            | service web image=old:1 update=rollbackCompleted "rollback completed"
            | web.1#3 image=old:1 running
            | web.2 image=old:1 running
            | web.3 image=old:1 running
            """
        )
    }

    @Test func `that starts slowly is waited for until its deadline, and then paused`() throws {
        try self.check(
            """
            node n1
            service web replicas=2 image=old:1 label.swarmd.update.progress-deadline=2m
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web image=slow:2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            task web.1#2 state=starting node=n1
            wait 110s
            plan
            | nothing
            show web
            | service web image=slow:2 update=updating "update in progress"
            | web.1#2 image=slow:2 starting
            | web.2 image=old:1 running
            task web.1#2 state=running
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            wait 5s
            plan
            | nothing
            task web.2#1 state=shutdown
            plan
            | web.2#2 desired=running
            task web.2#2 state=starting node=n1
            wait 121s
            plan
            | service web update=paused "update paused due to late start of task web.2#2"
            show web
            | service web image=slow:2 update=paused "update paused due to late start of task web.2#2"
            | web.1#2 image=slow:2 running
            | web.2#2 image=slow:2 starting
            task web.2#2 state=running
            plan
            | nothing
            show web
            | service web image=slow:2 update=paused "update paused due to late start of task web.2#2"
            | web.1#2 image=slow:2 running
            | web.2#2 image=slow:2 running
            """
        )
    }

    @Test func `that is paused goes on with a better image, first where nothing runs`() throws {
        try self.check(
            """
            node n1
            service web replicas=2 image=old:1 delay=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web image=crash:2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            task web.1#2 state=failed err=task:_non-zero_exit_(1)
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            | service web update=paused "update paused due to failure or early termination of task web.1#2"
            show web
            | service web image=crash:2 update=paused \
            "update paused due to failure or early termination of task web.1#2"
            | web.1#3 image=crash:2 new after "task: non-zero exit (1)"
            | web.2 image=old:1 running
            service web image=good:3
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            | service web update=updating
            task web.1#4 state=running node=n1
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            wait 5s
            plan
            | nothing
            task web.2#1 state=shutdown
            plan
            | web.2#2 desired=running
            task web.2#2 state=running node=n1
            plan
            | nothing
            wait 5s
            plan
            | service web update=completed
            show web
            | service web image=good:3 update=completed "update completed"
            | web.1#4 image=good:3 running
            | web.2#2 image=good:3 running
            """
        )
    }

    @Test func `that is paused can be taken back by hand`() throws {
        try self.check(
            """
            node n1
            service web replicas=2 image=old:1 delay=0s rollback-monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web image=crash:2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            task web.1#2 state=failed err=task:_non-zero_exit_(1)
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            | service web update=paused "update paused due to failure or early termination of task web.1#2"
            show web
            | service web image=crash:2 update=paused \
            "update paused due to failure or early termination of task web.1#2"
            | web.1#3 image=crash:2 new after "task: non-zero exit (1)"
            | web.2 image=old:1 running
            rollback web
            show web
            | service web image=old:1 update=rollbackStarted "manually requested rollback"
            | web.1#3 image=crash:2 new after "task: non-zero exit (1)"
            | web.2 image=old:1 running
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            task web.1#4 state=running node=n1
            plan
            | service web update=rollbackCompleted "rollback completed"
            show web
            | service web image=old:1 update=rollbackCompleted "rollback completed"
            | web.1#4 image=old:1 running
            | web.2 image=old:1 running
            """
        )
    }

    @Test func `whose rollback fails too is paused, and the next update mends it`() throws {
        try self.check(
            """
            node n1
            service web replicas=2 image=old:1 delay=0s failure-action=rollback rollback-monitor=0s \
            rollback-failure-action=rollback
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web image=crash:2
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            task web.1#2 state=failed err=task:_non-zero_exit_(1)
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            | service web update=rollbackStarted \
            "update rolled back due to failure or early termination of task web.1#2"
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            task web.1#4 state=rejected err=image_was_deleted
            plan
            | web.1#4 desired=shutdown
            | create web.1#5 desired=running "created"
            | service web update=rollbackPaused \
            "rollback paused due to failure or early termination of task web.1#4"
            show web
            | service web image=old:1 update=rollbackPaused \
            "rollback paused due to failure or early termination of task web.1#4"
            | web.1#5 image=old:1 new after "image was deleted"
            | web.2 image=old:1 running
            show web
            | service web image=old:1 update=rollbackPaused \
            "rollback paused due to failure or early termination of task web.1#4"
            | web.1#5 image=old:1 new after "image was deleted"
            | web.2 image=old:1 running
            service web image=good:3 monitor=0s
            plan
            | web.1#5 desired=shutdown
            | create web.1#6 desired=running "created"
            | service web update=updating
            task web.1#6 state=running node=n1
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            task web.2#1 state=shutdown
            plan
            | web.2#2 desired=running
            task web.2#2 state=running node=n1
            plan
            | service web update=completed
            show web
            | service web image=good:3 update=completed "update completed"
            | web.1#6 image=good:3 running
            | web.2#2 image=good:3 running
            """
        )
    }
}
