import Allocation
import ReconcilerTesting
import Testing

/// Virtual addresses and published ports of services.
@Suite struct ServiceAllocationTests {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: Allocator()) == script)
    }

    @Test func `AL-03: a service has a virtual address in each network, the mesh's first`() throws {
        try self.check(
            """
            network ingress ingress=true
            network front
            network back
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network back driver=overlay subnet=10.0.1.0/24 gateway=10.0.1.1 vxlan=4097
            | network front driver=overlay subnet=10.0.2.0/24 gateway=10.0.2.1 vxlan=4098
            service web network=front network=back ingress-port=80
            plan
            | service web vips=ingress:10.0.0.2/24,front:10.0.2.2/24,back:10.0.1.2/24 endpoint=80
            """
        )
    }

    @Test func `AL-03: a service of round-robin names has no virtual address`() throws {
        try self.check(
            """
            network front
            plan
            | network front driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            service web network=front
            plan
            | service web vips=front:10.0.0.2/24
            service web endpoint=dnsrr
            plan
            | service web vips= endpoint=
            service web endpoint=vip
            plan
            | service web vips=front:10.0.0.3/24 endpoint=
            """
        )
    }

    @Test func `AL-03: a network that is left gets its address back, and others stay`() throws {
        try self.check(
            """
            network front
            network back
            plan
            | network back driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network front driver=overlay subnet=10.0.1.0/24 gateway=10.0.1.1 vxlan=4097
            service web network=front network=back
            plan
            | service web vips=front:10.0.1.2/24,back:10.0.0.2/24
            service web no=networks network=back
            plan
            | service web vips=back:10.0.0.2/24
            remove service web
            service db network=front
            plan
            | service db vips=front:10.0.1.3/24
            """
        )
    }

    @Test func `AL-04: open ports are given from 30000 up and stay through updates`() throws {
        try self.check(
            """
            network ingress ingress=true
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            service web ingress-port=any ingress-port=any:443 ingress-port=53:53/udp
            plan
            | service web vips=ingress:10.0.0.2/24 endpoint=30000,30001,53
            service web ingress-port=8080:81
            plan
            | service web endpoint=30000,30001,53,8080
            service web no=ports
            plan
            | service web vips= endpoint=
            service db ingress-port=any
            plan
            | service db vips=ingress:10.0.0.3/24 endpoint=30002
            """
        )
    }

    @Test func `AL-04: ports asked for go before others, and each protocol has its own`() throws {
        try self.check(
            """
            network ingress ingress=true
            service a ingress-port=any
            service b ingress-port=30000
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            plan
            | service b vips=ingress:10.0.0.2/24 endpoint=30000
            | service a vips=ingress:10.0.0.3/24 endpoint=30001
            service c ingress-port=30000/udp
            service d ingress-port=30000/sctp
            plan
            | service c vips=ingress:10.0.0.4/24 endpoint=30000
            | service d vips=ingress:10.0.0.5/24 endpoint=30000
            """
        )
    }

    @Test func `AL-04: a port of another service is waited for`() throws {
        try self.check(
            """
            network ingress ingress=true
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            service a ingress-port=80
            plan
            | service a vips=ingress:10.0.0.2/24 endpoint=80
            service b ingress-port=80
            task b.1 state=new
            plan
            | b.1 "waiting for network allocation: port 80/tcp is published by another service"
            plan
            | nothing
            remove service a
            plan
            | service b vips=ingress:10.0.0.3/24 endpoint=80
            plan
            | b.1 state=pending networks=ingress:10.0.0.4/24 "pending task scheduling"
            """
        )
    }

    @Test func `what a service needs no more comes back even while the rest waits`() throws {
        try self.check(
            """
            network front
            network full subnet=10.1.0.0/30
            plan
            | network full driver=overlay subnet=10.1.0.0/30 gateway=10.1.0.1 vxlan=4096
            | network front driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4097
            service db network=full
            service web network=front
            plan
            | service db vips=full:10.1.0.2/30
            | service web vips=front:10.0.0.2/24
            service web no=networks network=full
            plan
            | service web vips=
            task web.1 state=new
            plan
            | web.1 "waiting for network allocation: network full has no free address in 10.1.0.0/30"
            remove service db
            plan
            | service web vips=full:10.1.0.2/30
            """
        )
    }

    @Test func `AL-05: ports of the hosts themselves are copied and nobody keeps them`() throws {
        try self.check(
            """
            service web host-port=8080
            plan
            | service web endpoint=8080
            task web.1 state=new
            plan
            | web.1 state=pending "pending task scheduling"
            service web host-port=9090
            service db host-port=8080
            plan
            | service db endpoint=8080
            | service web endpoint=8080,9090
            """
        )
    }

    @Test func `a published port needs the ingress network`() throws {
        try self.check(
            """
            service web ingress-port=80
            task web.1 state=new
            plan
            | web.1 "waiting for network allocation: ingress network is missing"
            plan
            | nothing
            network ingress ingress=true
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            plan
            | service web vips=ingress:10.0.0.2/24 endpoint=80
            plan
            | web.1 state=pending networks=ingress:10.0.0.3/24 "pending task scheduling"
            """
        )
    }
}
