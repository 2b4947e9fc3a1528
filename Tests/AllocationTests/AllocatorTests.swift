import Allocation
import ReconcilerTesting
import Testing

/// What a task waits for, and when it goes on.
@Suite struct AllocatorTests {
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
            | network front driver=bridge
            plan
            | service web vips=front:
            plan
            | web.1 state=pending networks=front "pending task scheduling"
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

    @Test func `AL-08: what cannot be given is tried again when something is given back`() throws {
        try self.check(
            """
            network front subnet=10.1.0.0/29
            plan
            | network front driver=overlay subnet=10.1.0.0/29 gateway=10.1.0.1 vxlan=4096
            service web network=front
            plan
            | service web vips=front:10.1.0.2/29
            task web.1 state=new
            task web.2 state=new
            task web.3 state=new
            task web.4 state=new
            task web.5 state=new
            plan
            | web.1 state=pending networks=front:10.1.0.3/29 "pending task scheduling"
            | web.2 state=pending networks=front:10.1.0.4/29 "pending task scheduling"
            | web.3 state=pending networks=front:10.1.0.5/29 "pending task scheduling"
            | web.4 state=pending networks=front:10.1.0.6/29 "pending task scheduling"
            | web.5 "waiting for network allocation: network front has no free address in 10.1.0.0/29"
            plan
            | nothing
            task web.2 state=shutdown
            plan
            | web.5 state=pending networks=front:10.1.0.4/29 "pending task scheduling"
            """
        )
    }

    @Test func `AL-10: a new leader knows what is given out, and goes on behind it`() throws {
        try self.check(
            """
            network ingress ingress=true
            network front
            node n1
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network front driver=overlay subnet=10.0.1.0/24 gateway=10.0.1.1 vxlan=4097
            service web network=front ingress-port=any
            plan
            | node n1 attachments=ingress:10.0.0.2/24
            | service web vips=ingress:10.0.0.3/24,front:10.0.1.2/24 endpoint=30000
            task web.1 state=new
            plan
            | web.1 state=pending networks=ingress:10.0.0.4/24,front:10.0.1.3/24 ports=30000 "pending task scheduling"
            task web.1 state=running
            restart
            plan
            | nothing
            task web.2 state=new
            service db network=front ingress-port=any
            network back
            plan
            | network back driver=overlay subnet=10.0.2.0/24 gateway=10.0.2.1 vxlan=4098
            | service db vips=ingress:10.0.0.5/24,front:10.0.1.4/24 endpoint=30001
            | web.2 state=pending networks=ingress:10.0.0.6/24,front:10.0.1.5/24 ports=30000 "pending task scheduling"
            """
        )
    }
}
