import ReconcilerTesting
import Scheduling
import StoreCore
import SwarmAPI
import Testing

/// The scheduler's rules that need no volume: filters in their order, affinity, strategies.
@Suite struct `Rules of placement` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: Scheduler()) == script)
    }

    @Test(
        "SC-03: filters are tried in SwarmKit's order, and each node is counted at the first that refuses it"
    )
    func filterOrder() throws {
        try self.check(
            """
            node n1 availability=drain memory=1G arch=arm plugin=Log:x label.zone=west
            node n2 memory=1G arch=arm plugin=Log:x label.zone=west
            node n3 memory=8G arch=arm plugin=Log:x label.zone=west
            node n4 memory=8G arch=arm plugin=Log:syslog label.zone=west
            node n5 memory=8G arch=arm plugin=Log:syslog
            node n6 memory=8G
            service other host-port=80
            task other.1 state=running node=n6
            service web memory=2G log=syslog constraint=node.labels.zone!=west platform=linux/amd64 host-port=80
            task web.1 state=pending
            plan
            | web.1 err="no suitable node (1 node not available for new tasks; insufficient resources on 1 node; missing plugin on 1 node; scheduling constraints not satisfied on 1 node; unsupported platform on 1 node; host-mode port already in use on 1 node)"
            """
        )
    }

    @Test("SC-03: x86_64 is amd64 and aarch64 is arm64; an empty platform is any")
    func platforms() throws {
        try self.check(
            """
            node n1 arch=aarch64
            service a platform=linux/arm64
            service b platform=linux/amd64
            task a.1 state=pending
            task b.1 state=pending
            plan
            | a.1 state=assigned node=n1 "scheduler assigned task to node"
            | b.1 err="no suitable node (unsupported platform on 1 node)"
            """
        )
    }

    @Test("SC-01: what was committed in a burst is placed in one plan")
    func burst() throws {
        try self.check(
            """
            node n1
            service a
            service b
            task a.1 state=pending
            task b.1 state=pending
            task a.2 state=pending
            plan
            | a.1 state=assigned node=n1 "scheduler assigned task to node"
            | a.2 state=assigned node=n1 "scheduler assigned task to node"
            | b.1 state=assigned node=n1 "scheduler assigned task to node"
            deadline
            | never
            """
        )
    }

    @Test(
        "SC-08: an assignment to a node that is lost before the commit is dropped, and made again elsewhere"
    )
    func lostNode() throws {
        var transcript = Transcript([Scheduler()])
        for line in ["node n1", "node n2", "service web", "task web.1 state=pending"] {
            _ = try transcript.perform(line)
        }
        let lines = transcript.plan { stage in
            // Between the decision and its commit, the node goes down.
            stage.setDown("n1")
        }
        #expect(lines == [#"web.1 state=assigned node=n1 "scheduler assigned task to node""#])
        #expect(transcript.stage.state.tasks.all.map(\.nodeID) == [""])
        #expect(transcript.plan() == [#"web.1 state=assigned node=n2 "scheduler assigned task to node""#])
        #expect(transcript.stage.state.tasks.all.map(\.nodeID) == ["n2"])
    }

    @Test("SC-11: a running task is never moved, however uneven the nodes are")
    func noRebalance() throws {
        try self.check(
            """
            node n1
            service web
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            task web.3 state=running node=n1
            node n2
            plan
            | nothing
            """
        )
    }

    @Test("SC-12: a thousand tasks of many sizes leave every node with as many as the others")
    func evenness() throws {
        var transcript = Transcript([Scheduler()])
        for number in 1...10 { _ = try transcript.perform("node n\(number) memory=8G") }
        for number in 1...20 {
            _ = try transcript.perform("service s\(number) memory=\(number)M")
            for slot in 1...5 { _ = try transcript.perform("task s\(number).\(slot) state=pending") }
        }
        #expect(transcript.plan().count == 100)
        var counts: [String: Int] = [:]
        for task in transcript.stage.state.tasks.all { counts[task.nodeID, default: 0] += 1 }
        #expect(counts.count == 10)
        #expect(counts.values.allSatisfy { $0 == 10 })
    }

    @Test("S-11: binpack fills the fullest node first, and goes on to the next when nothing fits")
    func binpack() throws {
        try self.check(
            """
            node n1 memory=4G
            node n2 memory=4G
            service old memory=1G
            task old.1 state=running node=n2
            service web memory=2G label.swarmd.strategy=binpack
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            plan
            | web.1 state=assigned node=n2 "scheduler assigned task to node"
            | web.2 state=assigned node=n1 "scheduler assigned task to node"
            | web.3 state=assigned node=n1 "scheduler assigned task to node"
            """
        )
    }

    @Test("S-13: a service that needs another near waits for it, and follows it")
    func hardAffinity() throws {
        try self.check(
            """
            node n1
            node n2
            service cache
            service web label.swarmd.affinity=cache
            task web.1 state=pending
            plan
            | web.1 err="no suitable node (affinity to other services not satisfied on 2 nodes)"
            task cache.1 state=running node=n2
            plan
            | web.1 state=assigned node=n2 "scheduler assigned task to node" err=""
            """
        )
    }

    @Test("S-13: what keeps one service away from another keeps the other away from the one")
    func hardAntiAffinity() throws {
        try self.check(
            """
            node a1 label.rack=a
            node a2 label.rack=a
            node b1 label.rack=b
            service db
            service batch label.swarmd.anti-affinity=db@node.labels.rack
            task db.1 state=running node=b1
            task batch.1 state=pending
            task batch.2 state=pending
            plan
            | batch.1 state=assigned node=a1 "scheduler assigned task to node"
            | batch.2 state=assigned node=a2 "scheduler assigned task to node"
            task db.2 state=pending
            plan
            | db.2 state=assigned node=b1 "scheduler assigned task to node"
            """
        )
    }

    @Test("S-13: a service that avoids itself has one task in each place")
    func selfAntiAffinity() throws {
        try self.check(
            """
            node a1 label.rack=a
            node a2 label.rack=a
            node b1 label.rack=b
            service web label.swarmd.anti-affinity=web@node.labels.rack
            task web.1 state=pending
            task web.2 state=pending
            task web.3 state=pending
            plan
            | web.1 state=assigned node=a1 "scheduler assigned task to node"
            | web.2 state=assigned node=b1 "scheduler assigned task to node"
            | web.3 err="no suitable node (affinity to other services not satisfied on 3 nodes)"
            """
        )
    }

    @Test("S-13: a preference for another's place yields to nothing but refusals")
    func softAffinity() throws {
        try self.check(
            """
            node n1
            node n2 memory=1G
            service cache
            task cache.1 state=running node=n2
            service web memory=1G label.swarmd.affinity.prefer=cache
            service log label.swarmd.anti-affinity.prefer=cache
            task web.1 state=pending
            task log.1 state=pending
            node n1 memory=8G
            plan
            | log.1 state=assigned node=n1 "scheduler assigned task to node"
            | web.1 state=assigned node=n2 "scheduler assigned task to node"
            task web.2 state=pending
            plan
            | web.2 state=assigned node=n1 "scheduler assigned task to node"
            """
        )
    }
}
