import Orchestration
import ReconcilerTesting
import Testing

@Suite struct `A task that takes over from another` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test func `waits where another one still stops, also in a slot that was given up`() throws {
        try self.check(
            """
            node n1
            service web replicas=2
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web replicas=1
            plan
            | web.2 desired=remove
            service web replicas=2
            plan
            | create web.2#2 desired=ready "created"
            plan
            | nothing
            task web.2#1 state=shutdown
            plan
            | web.2#2 desired=running
            """
        )
    }

    @Test func `stops the old one also when it runs only after the update has ended`() throws {
        try self.check(
            """
            service web replicas=1 image=old order=start-first failure-action=continue monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=new
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1#2 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            | service web update=completed
            wait 5s
            plan
            | web.1#3 desired=running
            task web.1#3 state=running
            plan
            | web.1 desired=shutdown
            """
        )
    }

    @Test func `is not made again and again beside the old one after it has failed for good`() throws {
        try self.check(
            """
            service web replicas=1 image=old order=start-first failure-action=continue monitor=0s \
            attempts=1 delay=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=broken
            wait 1s
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1#2 state=failed
            wait 1s
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            | service web update=completed
            task web.1#3 state=failed
            wait 1s
            plan
            | web.1#3 desired=shutdown
            wait 60s
            plan
            | nothing
            restart
            plan
            | nothing
            """
        )
    }

    @Test func `needs no companion when the node of the old one is lost`() throws {
        try self.check(
            """
            node n1
            node n2
            service web replicas=1 image=old order=start-first monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            service web image=new
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1#2 state=running node=n2
            node n1 state=down
            plan
            | web.1 desired=shutdown
            | service web update=completed
            """
        )
    }

    @Test func `does not leave an old one behind that does not run itself`() throws {
        try self.check(
            """
            node n1
            node n2
            service web replicas=1 image=old order=start-first
            plan
            | create web.1 desired=running "created"
            task web.1 state=pending
            service web image=new
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            plan
            | web.1 desired=shutdown
            task web.1#1 state=shutdown
            """
        )
    }

    @Test func `needs no other one where the old one's node is drained meanwhile`() throws {
        try self.check(
            """
            node n1
            node n2
            service web replicas=1 image=old order=start-first monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            service web image=new
            plan
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1#2 state=running node=n2
            node n1 availability=drain
            plan
            | web.1 desired=shutdown
            | service web update=completed
            """
        )
    }

    @Test func `is none of its spec's restarts if it is the first, whoever counts`() throws {
        try self.check(
            """
            service web replicas=1 attempts=1 delay=0s image=old failure-action=continue monitor=0s
            plan
            | create web.1 desired=running "created"
            task web.1 state=running
            service web image=new
            task web.1 state=failed
            wait 1s
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            task web.1#2 state=failed
            wait 1s
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            task web.1#3 state=failed
            wait 1s
            plan
            | web.1#3 desired=shutdown
            restart
            plan
            | nothing
            """
        )
    }
}
