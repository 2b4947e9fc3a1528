import Allocation
import Orchestration
import ReconcilerTesting
import Scheduling
import Testing

@Suite struct `From a service to tasks on nodes` {
    @Test func `a service is created, allocated, placed, moved and removed`() throws {
        let script = """
            cluster history=1
            node n1
            node n2
            service web replicas=2 delay=5s
            settle
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | web.2 state=pending "pending task scheduling"
            | web.1 state=pending "pending task scheduling"
            | web.1 state=assigned node=n1 "scheduler assigned task to node"
            | web.2 state=assigned node=n2 "scheduler assigned task to node"
            task web.1 state=running
            task web.2 state=running
            settle
            | nothing
            node n1 state=down
            settle
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | web.1#2 state=pending "pending task scheduling"
            | web.1#2 state=assigned node=n2 "scheduler assigned task to node"
            task web.1 state=ready
            wait 5s
            settle
            | web.1#2 desired=running
            task web.1#1 state=orphaned
            settle
            | nothing
            wait 1s
            settle
            | remove web.1
            remove service web
            settle
            | web.1#2 desired=remove
            | web.2 desired=remove
            task web.1 state=shutdown
            task web.2 state=shutdown
            settle
            | nothing
            wait 1s
            settle
            | remove web.1#2
            | remove web.2
            """
        let played = try Transcript.play(
            script,
            on: ServiceOrchestrator(),
            Allocator(),
            Scheduler(),
            TaskReaper()
        )
        #expect(played == script)
    }
}
