import Orchestration
import ReconcilerTesting
import Testing

@Suite struct `A job` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test("JB-01, BUG-13: runs some tasks at a time until enough have completed, in slots from one")
    func replicatedJob() throws {
        try self.check(
            """
            service sum completions=3 concurrent=2
            plan
            | create sum.1 desired=complete "created"
            | create sum.2 desired=complete "created"
            task sum.1 state=running
            plan
            | nothing
            task sum.1 state=complete
            plan
            | create sum.3 desired=complete "created"
            task sum.2 state=complete
            task sum.3 state=complete
            plan
            | nothing
            restart
            plan
            | nothing
            """
        )
    }

    @Test("JB-02, BUG-12: runs once on each node, also on those that come later")
    func globalJob() throws {
        try self.check(
            """
            node n1
            node n2 availability=pause
            service scan mode=global-job
            plan
            | create scan.n1 desired=complete node=n1 "created"
            task scan.n1 state=complete
            node n3
            plan
            | create scan.n3 desired=complete node=n3 "created"
            node n2 availability=active
            plan
            | create scan.n2 desired=complete node=n2 "created"
            node n1 label.any=thing
            plan
            | nothing
            """
        )
    }

    @Test("JB-03, TS-03: begins anew with each change, and gives up what an earlier run has left")
    func iterations() throws {
        try self.check(
            """
            service sum completions=2 concurrent=1
            plan
            | create sum.1 desired=complete "created"
            task sum.1 state=complete
            plan
            | create sum.2 desired=complete "created"
            service sum image=better
            settle
            | sum.2 desired=remove
            | sum.1 desired=remove
            | create sum.1#2 desired=complete "created"
            """
        )
    }

    @Test("JB-04: a failed task is run again, unless the policy says never")
    func restarts() throws {
        try self.check(
            """
            node n1
            service once completions=1 concurrent=1 restart=none
            service again completions=1 concurrent=1 delay=2s
            plan
            | create again.1 desired=complete "created"
            | create once.1 desired=complete "created"
            task once.1 state=failed
            task again.1 state=failed
            plan
            | again.1 desired=shutdown
            | create again.1#2 desired=ready "created"
            | once.1 desired=shutdown
            wait 2s
            plan
            | again.1#2 desired=complete
            task again.1 state=complete
            plan
            | nothing
            """
        )
    }

    @Test("BUG-07: the attempts of a global job are limited, on each node")
    func attempts() throws {
        try self.check(
            """
            node n1
            service scan mode=global-job attempts=2 delay=0s
            plan
            | create scan.n1 desired=complete node=n1 "created"
            task scan.n1 state=failed
            plan
            | scan.n1 desired=shutdown
            | create scan.n1#2 desired=complete node=n1 "created"
            task scan.n1 state=failed
            plan
            | scan.n1#2 desired=shutdown
            | create scan.n1#3 desired=complete node=n1 "created"
            task scan.n1 state=failed
            plan
            | scan.n1#3 desired=shutdown
            node n1 label.any=thing
            plan
            | nothing
            """
        )
    }

    @Test("RO-06: moves off a node that is lost, and what has completed stays done")
    func lostNode() throws {
        try self.check(
            """
            node n1
            service sum completions=2 concurrent=2 delay=0s
            plan
            | create sum.1 desired=complete "created"
            | create sum.2 desired=complete "created"
            task sum.1 state=complete node=n1
            task sum.2 state=running node=n1
            node n1 state=down
            plan
            | sum.2 desired=shutdown
            | create sum.2#2 desired=complete "created"
            """
        )
    }

    @Test func `waits before it tries again what could not even be prepared, and counts it`() throws {
        try self.check(
            """
            service sum completions=2 concurrent=1 attempts=1 delay=5s
            plan
            | create sum.1 desired=complete "created"
            task sum.1 state=failed
            plan
            | sum.1 desired=shutdown
            | create sum.1#2 desired=ready "created"
            task sum.1#2 state=rejected
            plan
            | nothing
            wait 5s
            plan
            | sum.1#2 desired=shutdown
            | create sum.2 desired=complete "created"
            """
        )
    }
}
