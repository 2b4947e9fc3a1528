import Allocation
import ReconcilerTesting
import Testing

/// Subnets, gateways and tunnel numbers of networks.
@Suite struct NetworkAllocationTests {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: Allocator()) == script)
    }

    @Test func `AL-01: subnets of /24 are cut from 10.0.0.0/8, tunnels count from 4096`() throws {
        try self.check(
            """
            network ingress ingress=true
            network front
            network back
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network back driver=overlay subnet=10.0.1.0/24 gateway=10.0.1.1 vxlan=4097
            | network front driver=overlay subnet=10.0.2.0/24 gateway=10.0.2.1 vxlan=4098
            plan
            | nothing
            """
        )
    }

    @Test func `AL-01: the cluster's own pools and subnet size are used, again and again`() throws {
        try self.check(
            """
            cluster pool=10.64.0.0/16 pool=10.66.0.0/16 subnet-size=17
            network a
            network b
            network c
            network d
            network e
            plan
            | network a driver=overlay subnet=10.64.0.0/17 gateway=10.64.0.1 vxlan=4096
            | network b driver=overlay subnet=10.64.128.0/17 gateway=10.64.128.1 vxlan=4097
            | network c driver=overlay subnet=10.66.0.0/17 gateway=10.66.0.1 vxlan=4098
            | network d driver=overlay subnet=10.66.128.0/17 gateway=10.66.128.1 vxlan=4099
            remove network b
            plan
            | network e driver=overlay subnet=10.64.128.0/17 gateway=10.64.128.1 vxlan=4100
            """
        )
    }

    @Test func `AL-02: one ingress network is allocated, and when it is gone, another`() throws {
        try self.check(
            """
            network ingress ingress=true
            network later ingress=true
            plan
            | network ingress driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            remove network ingress
            plan
            | network later driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4097
            """
        )
    }

    @Test func `AL-02: what each node has of its own gets a driver and nothing else`() throws {
        try self.check(
            """
            network host driver=host
            network lan driver=bridge
            network vlan driver=macvlan
            plan
            | network host driver=host
            | network lan driver=bridge
            | network vlan driver=macvlan
            service web network=host
            plan
            | service web vips=host:
            task web.1 state=new
            plan
            | web.1 state=pending networks=host "pending task scheduling"
            """
        )
    }

    @Test func `AL-11: subnets, ranges, gateways, reserved addresses and options are kept to`() throws {
        try self.check(
            """
            network office subnet=192.168.7.0/24 gateway=192.168.7.254 option=encrypted
            network wide subnet=10.0.0.0/16 range=10.0.5.0/24 gateway=10.0.0.1 reserved=10.0.5.1
            network next
            plan
            | network office driver=overlay subnet=192.168.7.0/24 gateway=192.168.7.254 vxlan=4096 encrypted=
            | network wide driver=overlay subnet=10.0.0.0/16 gateway=10.0.0.1 vxlan=4097
            | network next driver=overlay subnet=10.1.0.0/24 gateway=10.1.0.1 vxlan=4098
            service web network=wide
            service db network=wide
            service lab network=office
            plan
            | service db vips=wide:10.0.5.0/16
            | service lab vips=office:192.168.7.1/24
            | service web vips=wide:10.0.5.2/16
            """
        )
    }

    @Test func `AL-11: several subnets have a tunnel each, and give an address of each version`() throws {
        try self.check(
            """
            network both subnet=10.1.0.0/24 subnet=10.2.0.0/24 subnet=fd00:1::/64
            network six subnet=fd00:2::/64
            plan
            | network both driver=overlay subnet=10.1.0.0/24 gateway=10.1.0.1 subnet=10.2.0.0/24 gateway=10.2.0.1 subnet=fd00:1::/64 gateway=fd00:1::1 vxlan=4096,4097
            | network six driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 subnet=fd00:2::/64 gateway=fd00:2::1 vxlan=4098
            service web network=both
            plan
            | service web vips=both:10.1.0.2/24
            task web.1 state=new
            plan
            | web.1 state=pending networks=both:10.1.0.3/24:fd00:1::2/64 "pending task scheduling"
            """
        )
    }

    @Test func `a subnet that overlaps with another waits until that one is gone`() throws {
        try self.check(
            """
            network one subnet=10.0.0.0/16
            network two subnet=10.0.4.0/24
            network three
            plan
            | network one driver=overlay subnet=10.0.0.0/16 gateway=10.0.0.1 vxlan=4096
            | network three driver=overlay subnet=10.1.0.0/24 gateway=10.1.0.1 vxlan=4097
            service web network=two
            task web.1 state=new
            plan
            | web.1 "waiting for network allocation: network two is not allocated yet: subnet 10.0.4.0/24 overlaps with 10.0.0.0/16, which another network has"
            plan
            | nothing
            remove network one
            plan
            | network two driver=overlay subnet=10.0.4.0/24 gateway=10.0.4.1 vxlan=4098
            plan
            | service web vips=two:10.0.4.2/24
            plan
            | web.1 state=pending networks=two:10.0.4.3/24 "pending task scheduling"
            """
        )
    }

    @Test func `a driver that the cluster does not have is told of`() throws {
        try self.check(
            """
            network weave driver=weave
            service web network=weave
            plan
            | nothing
            task web.1 state=new
            plan
            | web.1 "waiting for network allocation: network weave is not allocated yet: driver weave is not known to this cluster"
            """
        )
    }

    @Test func `tunnel numbers may be asked for, and are used again as late as possible`() throws {
        try self.check(
            """
            network a
            network b
            plan
            | network a driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4096
            | network b driver=overlay subnet=10.0.1.0/24 gateway=10.0.1.1 vxlan=4097
            remove network a
            network c
            plan
            | network c driver=overlay subnet=10.0.0.0/24 gateway=10.0.0.1 vxlan=4098
            network d vxlan=4100
            network e
            network f
            plan
            | network d driver=overlay subnet=10.0.2.0/24 gateway=10.0.2.1 vxlan=4100
            | network e driver=overlay subnet=10.0.3.0/24 gateway=10.0.3.1 vxlan=4099
            | network f driver=overlay subnet=10.0.4.0/24 gateway=10.0.4.1 vxlan=4101
            network g vxlan=4100
            service web network=g
            task web.1 state=new
            plan
            | web.1 "waiting for network allocation: network g is not allocated yet: tunnel number 4100 is another network's"
            """
        )
    }
}
