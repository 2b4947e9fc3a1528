import Allocation
import ReconcilerTesting
import Testing

@Suite struct `Allocating` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: Allocator()) == script)
    }

    @Test func `a task that needs nothing of the network may be scheduled at once`() throws {
        try self.check(
            """
            service web
            task web.1 state=new
            plan
            | web.1 state=pending "pending task scheduling"
            plan
            | nothing
            """
        )
    }

    @Test func `host ports are copied into the endpoint of service and task`() throws {
        try self.check(
            """
            service web host-port=8080
            plan
            | service web endpoint=8080
            task web.1 state=new
            plan
            | web.1 state=pending "pending task scheduling"
            service web host-port=9090
            plan
            | service web endpoint=8080,9090
            """
        )
    }

    @Test func `a node's own network is attached without addresses`() throws {
        try self.check(
            """
            network host driver=host
            service web network=host
            task web.1 state=new
            plan
            | web.1 state=pending networks=host "pending task scheduling"
            """
        )
    }

    @Test func `a task says what it waits for, and goes on when it has come`() throws {
        try self.check(
            """
            service web network=front
            task web.1 state=new
            plan
            | web.1 "waiting for network allocation: network network-front not found"
            service other
            plan
            | nothing
            network front driver=bridge
            plan
            | web.1 state=pending networks=bridge "pending task scheduling"
            """
        )
    }

    @Test func `ingress ports and overlay networks are not given out yet`() throws {
        try self.check(
            """
            network back driver=overlay
            service web ingress-port=80
            service db network=back
            task web.1 state=new
            task db.1 state=new
            plan
            | db.1 "waiting for network allocation: network back needs addresses, which are not available yet"
            | web.1 "waiting for network allocation: ingress ports are not available yet"
            restart
            plan
            | nothing
            """
        )
    }

    @Test func `a task that is no longer wanted is not allocated`() throws {
        try self.check(
            """
            service web
            task web.1 state=new desired=shutdown
            task web.2 state=pending
            plan
            | nothing
            """
        )
    }
}
