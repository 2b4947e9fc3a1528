import Orchestration
import ReconcilerTesting
import Testing

@Suite struct `A global service` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test("GO-01: has one task on each node that is up, not drained, and meets the constraints")
    func oneOnEach() throws {
        try self.check(
            """
            node n1
            node n2 availability=drain
            node n3 state=down
            node n4 label.zone=west
            service probe mode=global constraint=node.labels.zone!=west
            plan
            | create probe.n1 desired=running node=n1 "created"
            node n2 availability=active
            node n5
            plan
            | create probe.n2 desired=running node=n2 "created"
            | create probe.n5 desired=running node=n5 "created"
            node n4 label.zone=east
            node n3 state=ready
            plan
            | create probe.n3 desired=running node=n3 "created"
            | create probe.n4 desired=running node=n4 "created"
            plan
            | nothing
            """
        )
    }

    @Test("GO-02: leaves a paused node as it is")
    func pausedNode() throws {
        try self.check(
            """
            node n1
            node n2 availability=pause
            service probe mode=global image=old monitor=0s
            plan
            | create probe.n1 desired=running node=n1 "created"
            task probe.n1 state=running
            node n1 availability=pause
            service probe image=new
            plan
            | nothing
            node n1 availability=active
            plan
            | probe.n1 desired=shutdown
            | create probe.n1#2 desired=ready node=n1 "created"
            | service probe update=updating
            """
        )
    }

    @Test("GO-03: is stopped on a node that is drained or down, and forgotten on one that is removed")
    func lostNodes() throws {
        try self.check(
            """
            node n1
            node n2
            node n3
            service probe mode=global
            plan
            | create probe.n1 desired=running node=n1 "created"
            | create probe.n2 desired=running node=n2 "created"
            | create probe.n3 desired=running node=n3 "created"
            node n1 availability=drain
            node n2 state=down
            remove node n3
            plan
            | probe.n1 desired=shutdown
            | probe.n2 desired=shutdown
            | remove probe.n3
            plan
            | nothing
            task probe.n1 state=shutdown
            node n1 availability=active
            plan
            | create probe.n1#2 desired=running node=n1 "created"
            """
        )
    }

    @Test("GO-04: leaves a node whose labels no longer fit")
    func labelChange() throws {
        try self.check(
            """
            node n1 label.zone=east
            service probe mode=global constraint=node.labels.zone==east
            plan
            | create probe.n1 desired=running node=n1 "created"
            node n1 label.zone=west
            plan
            | probe.n1 desired=shutdown
            """
        )
    }

    @Test("GO-05: is updated node by node, and restarted where it ran")
    func updatesByNode() throws {
        try self.check(
            """
            node n1
            node n2
            service probe mode=global image=old delay=1s
            plan
            | create probe.n1 desired=running node=n1 "created"
            | create probe.n2 desired=running node=n2 "created"
            task probe.n1 state=running
            task probe.n2 state=running
            service probe image=new
            plan
            | probe.n1 desired=shutdown
            | create probe.n1#2 desired=ready node=n1 "created"
            | service probe update=updating
            task probe.n1#1 state=shutdown
            plan
            | probe.n1#2 desired=running
            task probe.n1 state=running
            plan
            | probe.n2 desired=shutdown
            | create probe.n2#2 desired=ready node=n2 "created"
            task probe.n1 state=failed
            plan
            | probe.n1#2 desired=shutdown
            | create probe.n1#3 desired=ready node=n1 "created"
            | service probe update=paused \
            "update paused due to failure or early termination of task probe.n1#2"
            """
        )
    }

    @Test("GO-06: is not started again where its policy lets it end")
    func completes() throws {
        try self.check(
            """
            node n1
            service probe mode=global restart=on-failure
            plan
            | create probe.n1 desired=running node=n1 "created"
            task probe.n1 state=complete
            plan
            | probe.n1 desired=shutdown
            plan
            | nothing
            node n1 label.any=thing
            plan
            | nothing
            restart
            plan
            | nothing
            """
        )
    }

    @Test("RS-01: has its attempts counted by node")
    func attempts() throws {
        try self.check(
            """
            node n1
            node n2
            service probe mode=global attempts=1 delay=0s
            plan
            | create probe.n1 desired=running node=n1 "created"
            | create probe.n2 desired=running node=n2 "created"
            task probe.n1 state=failed
            plan
            | probe.n1 desired=shutdown
            | create probe.n1#2 desired=running node=n1 "created"
            task probe.n1 state=failed
            task probe.n2 state=failed
            plan
            | probe.n1#2 desired=shutdown
            | probe.n2 desired=shutdown
            | create probe.n2#2 desired=running node=n2 "created"
            restart
            plan
            | nothing
            """
        )
    }
}
