import Allocation
import ReconcilerTesting
import Testing

/// Attachments of tasks and of the nodes that run them.
@Suite struct TaskAllocationTests {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: Allocator()) == script)
    }

    @Test func `AL-06: a task has an address in each network until it has ended`() throws {
        try self.check(
            """
            network ingress ingress=true
            network front subnet=10.1.0.0/29
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network front driver=overlay subnet=10.1.0.0/29 gateway=10.1.0.1 vxlan=4097
            service web network=front ingress-port=80
            plan
            | service web vips=ingress:10.0.0.2/24,front:10.1.0.2/29 endpoint=80
            task web.1 state=new
            plan
            | web.1 state=pending networks=ingress:10.0.0.3/24,front:10.1.0.3/29 "pending task scheduling"
            task web.1 state=running
            task web.2 state=new
            task web.3 state=new
            task web.4 state=new
            task web.5 state=new
            plan
            | web.2 state=pending networks=ingress:10.0.0.4/24,front:10.1.0.4/29 "pending task scheduling"
            | web.3 state=pending networks=ingress:10.0.0.5/24,front:10.1.0.5/29 "pending task scheduling"
            | web.4 state=pending networks=ingress:10.0.0.6/24,front:10.1.0.6/29 "pending task scheduling"
            | web.5 "waiting for network allocation: network front has no free address in 10.1.0.0/29"
            task web.1 desired=shutdown
            plan
            | nothing
            task web.1 state=shutdown
            plan
            | web.5 state=pending networks=ingress:10.0.0.9/24,front:10.1.0.3/29 "pending task scheduling"
            """
        )
    }

    @Test func `AL-06: a task that is removed gives its address back as well`() throws {
        try self.check(
            """
            network front subnet=10.1.0.0/30
            plan
            | network front driver=overlay subnet=10.1.0.0/30 gateway=10.1.0.1 vxlan=4096
            service web network=front endpoint=dnsrr
            plan
            | service web endpoint=
            task web.1 state=new
            task web.2 state=new
            plan
            | web.1 state=pending networks=front:10.1.0.2/30 "pending task scheduling"
            | web.2 "waiting for network allocation: network front has no free address in 10.1.0.0/30"
            remove task web.1
            plan
            | web.2 state=pending networks=front:10.1.0.2/30 "pending task scheduling"
            """
        )
    }

    @Test func `an address that was asked for is given once`() throws {
        try self.check(
            """
            network front subnet=10.1.0.0/24
            plan
            | network front driver=overlay subnet=10.1.0.0/24 gateway=10.1.0.1 vxlan=4096
            service web network=front address=10.1.0.77
            plan
            | service web vips=front:10.1.0.2/24
            task web.1 state=new
            task web.2 state=new
            plan
            | web.1 state=pending networks=front:10.1.0.77/24 "pending task scheduling"
            | web.2 "waiting for network allocation: address 10.1.0.77 of network front is in use"
            plan
            | nothing
            """
        )
    }

    @Test func `an address that the network does not give out is refused`() throws {
        try self.check(
            """
            network front subnet=10.1.0.0/24
            plan
            | network front driver=overlay subnet=10.1.0.0/24 gateway=10.1.0.1 vxlan=4096
            service web network=front address=10.9.0.1
            service gate network=front address=10.1.0.1
            plan
            | service gate vips=front:10.1.0.2/24
            | service web vips=front:10.1.0.3/24
            task web.1 state=new
            task gate.1 state=new
            plan
            | gate.1 "waiting for network allocation: network front does not give out the address 10.1.0.1"
            | web.1 "waiting for network allocation: network front does not give out the address 10.9.0.1"
            """
        )
    }

    @Test func `AL-07: a node has an address in ingress and in the networks of its tasks`() throws {
        try self.check(
            """
            network ingress ingress=true
            network front
            node n1
            node n2
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network front driver=overlay subnet=10.0.1.0/24 gateway=10.0.1.1 vxlan=4097
            plan
            | node n1 attachments=ingress:10.0.0.2/24
            | node n2 attachments=ingress:10.0.0.3/24
            service web network=front
            plan
            | service web vips=front:10.0.1.2/24
            task web.1 state=new node=n2
            plan
            | web.1 state=pending networks=front:10.0.1.3/24 "pending task scheduling"
            plan
            | node n2 attachments=ingress:10.0.0.3/24,front:10.0.1.4/24
            task web.1 state=running
            task web.2 state=new node=n2
            plan
            | web.2 state=pending networks=front:10.0.1.5/24 "pending task scheduling"
            task web.1 state=failed
            plan
            | nothing
            task web.2 state=failed
            plan
            | node n2 attachments=ingress:10.0.0.3/24
            """
        )
    }

    @Test func `AL-07: addresses of nodes come back with the node, or with the network`() throws {
        try self.check(
            """
            network ingress ingress=true
            network small subnet=10.1.0.0/30
            node n1
            node n2
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network small driver=overlay subnet=10.1.0.0/30 gateway=10.1.0.1 vxlan=4097
            plan
            | node n1 attachments=ingress:10.0.0.2/24
            | node n2 attachments=ingress:10.0.0.3/24
            remove node n1
            node n3
            plan
            | node n3 attachments=ingress:10.0.0.4/24
            remove network ingress
            plan
            | node n2 attachments=
            | node n3 attachments=
            """
        )
    }

    @Test func `a node that finds no address gets one when there is one`() throws {
        try self.check(
            """
            network ingress ingress=true subnet=10.1.0.0/30
            node n1
            node n2
            plan
            | network ingress driver=overlay subnet=10.1.0.0/30 gateway=10.1.0.1 vxlan=4096
            plan
            | node n1 attachments=ingress:10.1.0.2/30
            plan
            | nothing
            remove node n1
            plan
            | node n2 attachments=ingress:10.1.0.2/30
            """
        )
    }
}
