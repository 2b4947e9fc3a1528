import ReconcilerTesting
import Scheduling
import Testing

@Suite struct `Placing tasks` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: Scheduler()) == script)
    }

    @Test("SC-05: tasks are spread over the nodes, fewest of the service first, then fewest in all")
    func spread() throws {
        try self.check(
            """
            node n1
            node n2
            service other
            task other.1 state=running node=n1
            service web
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            plan
            | web.1 state=assigned node=n2 "scheduler assigned task to node"
            | web.2 state=assigned node=n1 "scheduler assigned task to node"
            | web.3 state=assigned node=n2 "scheduler assigned task to node"
            plan
            | nothing
            """
        )
    }

    @Test("SC-04: a task that fits nowhere says why, once, and is placed when a node can take it")
    func explained() throws {
        try self.check(
            """
            node n1 memory=1G
            node n2 memory=1G availability=pause
            node n3 memory=1G
            node n4 memory=8G arch=aarch64
            node n5 memory=8G label.zone=west
            service web memory=2G constraint=node.labels.zone!=west platform=linux/amd64
            task web.1 state=pending
            plan
            | web.1 err="no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks; scheduling constraints not satisfied on 1 node; unsupported platform on 1 node)"
            plan
            | nothing
            node n2 state=ready
            plan
            | nothing
            node n2 availability=active memory=4G
            plan
            | web.1 state=assigned node=n2 "scheduler assigned task to node" err=""
            """
        )
    }

    @Test("SC-04: what no node has is named: constraints, resources, and what is only missing together")
    func lack() throws {
        try self.check(
            """
            node n1 cpus=4 memory=8G label.zone=west
            node n2 cpus=8 memory=4G label.disk=ssd
            node n3 cpus=64 memory=64G availability=pause
            service one constraint=node.labels.zone==east constraint=node.labels.disk==ssd
            service both constraint=node.labels.zone==west constraint=node.labels.disk==ssd
            service large cpus=16 memory=900G
            service square cpus=8 memory=8G
            service odd cpus=1 generic=gpu:2
            task both.1 state=pending
            task large.1 state=pending
            task odd.1 state=pending
            task one.1 state=pending
            task square.1 state=pending
            plan
            | both.1 err="no suitable node (scheduling constraints not satisfied on 2 nodes: none meets node.labels.zone==west and node.labels.disk==ssd; 1 node not available for new tasks)"
            | large.1 err="no suitable node (insufficient resources on 2 nodes: none has 16 CPUs or 900 GiB of memory; 1 node not available for new tasks)"
            | odd.1 err="no suitable node (insufficient resources on 2 nodes: none has 2 gpu; 1 node not available for new tasks)"
            | one.1 err="no suitable node (scheduling constraints not satisfied on 2 nodes: none meets node.labels.zone==east; 1 node not available for new tasks)"
            | square.1 err="no suitable node (insufficient resources on 2 nodes: none has 8 CPUs and 8 GiB of memory left; 1 node not available for new tasks)"
            """
        )
    }

    @Test("SC-10: reservations are never exceeded, and a task's end makes room") func reserved() throws {
        try self.check(
            """
            node n1 cpus=3 memory=4G
            service web cpus=1 memory=2G
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            plan
            | web.1 state=assigned node=n1 "scheduler assigned task to node"
            | web.2 state=assigned node=n1 "scheduler assigned task to node"
            | web.3 err="no suitable node (insufficient resources on 1 node: none has 2 GiB of memory left)"
            task web.1 desired=shutdown
            plan
            | nothing
            task web.1 state=shutdown
            plan
            | web.3 state=assigned node=n1 "scheduler assigned task to node" err=""
            """
        )
    }

    @Test("SC-09: generic resources are given out by name or by count, and come back") func generic() throws {
        try self.check(
            """
            node n1 generic=gpu:left,right generic=slot:1
            service big generic=gpu:2
            service small generic=gpu:1 generic=slot:1
            task small.1 state=pending
            plan
            | small.1 state=assigned node=n1 holds=gpu:left,slot:1 "scheduler assigned task to node"
            task big.1 state=pending
            plan
            | big.1 err="no suitable node (insufficient resources on 1 node: none has 2 gpu left)"
            task small.1 state=failed
            plan
            | big.1 state=assigned node=n1 holds=gpu:left,gpu:right "scheduler assigned task to node" err=""
            """
        )
    }

    @Test("BUG-15: a host's port is taken once, until the last that holds it has ended") func hostPort()
        throws
    {
        try self.check(
            """
            node n1
            node n2
            service web host-port=8080
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            plan
            | web.1 state=assigned node=n1 "scheduler assigned task to node"
            | web.2 state=assigned node=n2 "scheduler assigned task to node"
            | web.3 err="no suitable node (host-mode port already in use on 2 nodes)"
            remove task web.2
            plan
            | web.3 state=assigned node=n2 "scheduler assigned task to node" err=""
            """
        )
    }

    @Test func `the greatest number of replicas on a node is kept`() throws {
        try self.check(
            """
            node n1
            service web max-per-node=2
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            plan
            | web.1 state=assigned node=n1 "scheduler assigned task to node"
            | web.2 state=assigned node=n1 "scheduler assigned task to node"
            | web.3 err="no suitable node (max replicas per node limit exceed)"
            """
        )
    }

    @Test("SC-06: a preference spreads over the values of a label before it spreads over nodes")
    func preference() throws {
        try self.check(
            """
            node e1 label.zone=east
            node e2 label.zone=east
            node e3 label.zone=east
            node w1 label.zone=west
            node x1
            service web spread=node.labels.zone
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            task web.4 state=pending
            task web.5 state=pending
            task web.6 state=pending
            plan
            | web.1 state=assigned node=x1 "scheduler assigned task to node"
            | web.2 state=assigned node=e1 "scheduler assigned task to node"
            | web.3 state=assigned node=w1 "scheduler assigned task to node"
            | web.4 state=assigned node=x1 "scheduler assigned task to node"
            | web.5 state=assigned node=e2 "scheduler assigned task to node"
            | web.6 state=assigned node=w1 "scheduler assigned task to node"
            """
        )
    }

    @Test func `a full branch leaves its share to the others`() throws {
        try self.check(
            """
            node e1 label.zone=east memory=1G
            node w1 label.zone=west memory=8G
            service web spread=node.labels.zone memory=1G
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            task web.4 state=pending
            plan
            | web.1 state=assigned node=e1 "scheduler assigned task to node"
            | web.2 state=assigned node=w1 "scheduler assigned task to node"
            | web.3 state=assigned node=w1 "scheduler assigned task to node"
            | web.4 state=assigned node=w1 "scheduler assigned task to node"
            """
        )
    }

    @Test("SC-05: a node on which the service failed five times in five minutes comes last") func failures()
        throws
    {
        let failures = (1...5).map { "task web.\($0) state=running node=n1\ntask web.\($0) state=failed\n" }
        try self.check(
            """
            node n1
            node n2
            service web
            \(failures.joined())task web.6 state=running node=n2
            task web.7 state=pending
            plan
            | web.7 state=assigned node=n2 "scheduler assigned task to node"
            wait 300s
            task web.8 state=pending
            plan
            | web.8 state=assigned node=n1 "scheduler assigned task to node"
            """
        )
    }

    @Test("SC-07: a task that comes with its node is only checked") func bound() throws {
        try self.check(
            """
            node n1 memory=1G
            service agent memory=2G
            task agent.0 state=pending node=n1
            plan
            | agent.n1 err="insufficient resources on 1 node: none has 2 GiB of memory"
            node n1 memory=2G
            plan
            | agent.n1 state=assigned "scheduler confirmed task can run on preassigned node" err=""
            """
        )
    }

    @Test func `a task that is no longer wanted, or not yet allocated, is left alone`() throws {
        try self.check(
            """
            node n1
            service web
            task web.1 state=new
            task web.2 state=pending desired=shutdown
            task web.3 state=pending desired=ready
            plan
            | web.3 state=assigned node=n1 "scheduler assigned task to node"
            """
        )
    }

    @Test func `a node that goes takes its tasks' claims with it, and comes back empty`() throws {
        try self.check(
            """
            node n1 memory=2G
            service web memory=2G
            task web.1 state=running node=n1
            task web.2 state=pending
            plan
            | web.2 err="no suitable node (insufficient resources on 1 node: none has 2 GiB of memory left)"
            remove node n1
            plan
            | web.2 err="no suitable node"
            node n1 memory=2G
            plan
            | web.2 err="no suitable node (insufficient resources on 1 node: none has 2 GiB of memory left)"
            task web.1 state=orphaned
            plan
            | web.2 state=assigned node=n1 "scheduler assigned task to node" err=""
            """
        )
    }

    @Test("SC-02: tasks without a service are placed one by one") func oneOff() throws {
        try self.check(
            """
            node n1
            node n2
            task a state=pending
            task b state=pending
            plan
            | a state=assigned node=n1 "scheduler assigned task to node"
            | b state=assigned node=n2 "scheduler assigned task to node"
            """
        )
    }

    @Test func `a new leader counts what its predecessor placed`() throws {
        try self.check(
            """
            node n1 memory=2G
            node n2 memory=2G
            service web memory=1G
            task web.1 state=running node=n1
            task web.2 state=assigned node=n1
            task web.3 state=pending
            task web.4 state=pending
            restart
            plan
            | web.3 state=assigned node=n2 "scheduler assigned task to node"
            | web.4 state=assigned node=n2 "scheduler assigned task to node"
            """
        )
    }
}
