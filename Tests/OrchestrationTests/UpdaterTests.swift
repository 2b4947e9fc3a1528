import ReconcilerTesting
import SwarmAPI
import Testing

@testable import Orchestration

@Suite struct `Updating a service` {
    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test func `replaces one task after the other, each stopped before the next starts`() throws {
        try self.check(
            """
            node n1
            service web replicas=2 image=old monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            plan
            | nothing
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            plan
            | nothing
            task web.1#2 state=running node=n1
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            task web.2#1 state=shutdown
            plan
            | web.2#2 desired=running
            task web.2#2 state=running node=n1
            plan
            | service web update=completed
            plan
            | nothing
            """
        )
    }

    @Test func `replaces as many at a time as parallelism says, and rests between them`() throws {
        try self.check(
            """
            service web replicas=3 image=old parallelism=2 update-delay=10s monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            | service web update=updating
            task web.1 state=running
            plan
            | nothing
            deadline
            | in 10s
            wait 10s
            plan
            | web.3 desired=shutdown
            | create web.3#2 desired=running "created"
            task web.2 state=running
            task web.3 state=running
            plan
            | service web update=completed
            """
        )
    }

    @Test func `with parallelism 0 replaces all tasks at once`() throws {
        try self.check(
            """
            service web replicas=2 image=old parallelism=0
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            service web force=1
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            | service web update=updating
            """
        )
    }

    @Test func `leaves tasks alone that the change does not concern`() throws {
        try self.check(
            """
            node n1
            service web replicas=1 image=old
            plan
            | create web.1 desired=running "created"
            task web.1 state=running node=n1
            service web replicas=2 parallelism=2 update-delay=1s
            plan
            | create web.2 desired=running "created"
            service web credentials=secret
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            | service web update=updating
            """
        )
    }

    @Test("UP-06, UP-10: pauses at a task that does not come up, until the next change")
    func pauses() throws {
        try self.check(
            """
            service web replicas=2 image=old delay=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            task web.1 state=running
            task web.2 state=running
            service web image=broken
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            task web.1 state=failed
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=running "created"
            | service web update=paused "update paused due to failure or early termination of task web.1#2"
            task web.1 state=running
            wait 60s
            plan
            | nothing
            service web image=better
            plan
            | web.1#3 desired=shutdown
            | create web.1#4 desired=running "created"
            | service web update=updating
            task web.1 state=running
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            """
        )
    }

    @Test func `is taken over by a new leader, which does not begin more than it may`() throws {
        try self.check(
            """
            service web replicas=3 image=old
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=running "created"
            | service web update=updating
            restart
            plan
            | nothing
            task web.1 state=running
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=running "created"
            """
        )
    }

    @Test func `and making it smaller replaces only what stays`() throws {
        try self.check(
            """
            node n1
            service web replicas=3 image=old
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            task web.3 state=running node=n1
            service web image=new replicas=1
            plan
            | web.1 desired=remove
            | web.2 desired=remove
            | web.3 desired=shutdown
            | create web.3#2 desired=ready "created"
            | service web update=updating
            """
        )
    }

    @Test("UP-03: a service has one update: the same spec again changes nothing, another one takes its place")
    func oneUpdate() throws {
        try self.check(
            """
            node n1
            service web replicas=3 image=old monitor=0s
            plan
            | create web.1 desired=running "created"
            | create web.2 desired=running "created"
            | create web.3 desired=running "created"
            task web.1 state=running node=n1
            task web.2 state=running node=n1
            task web.3 state=running node=n1
            service web image=new
            plan
            | web.1 desired=shutdown
            | create web.1#2 desired=ready "created"
            | service web update=updating
            service web
            plan
            | service web update=updating
            task web.1#1 state=shutdown
            plan
            | web.1#2 desired=running
            task web.1#2 state=running node=n1
            plan
            | web.2 desired=shutdown
            | create web.2#2 desired=ready "created"
            service web image=newer
            plan
            | web.2#2 desired=shutdown
            | create web.2#3 desired=ready "created"
            | service web update=updating
            task web.2#1 state=shutdown
            plan
            | web.2#3 desired=running
            task web.2#3 state=running node=n1
            plan
            | web.1#2 desired=shutdown
            | create web.1#3 desired=ready "created"
            """
        )
    }

    @Test("UP-01: what a service does not say is SwarmKit's default")
    func defaults() {
        var service = SwarmService()
        for rule in [UpdateRule(service), UpdateRule(service.rollingBack)] {
            #expect(rule.parallelism == 1)
            #expect(rule.delay == .zero)
            #expect(rule.monitor == .seconds(5))
            #expect(rule.action == .pause)
            #expect(rule.greatestFailureRatio == 0)
            #expect(!rule.isStartFirst)
        }
        service.spec.update.parallelism = 0
        service.spec.rollback.order = .startFirst
        #expect(UpdateRule(service).parallelism == nil, "all at once")
        #expect(UpdateRule(service.rollingBack).isStartFirst)
        #expect(UpdateRule(service.rollingBack).monitor == .seconds(5))
    }
}

extension SwarmService {
    /// The service on its way back to the spec before.
    fileprivate var rollingBack: SwarmService {
        var service = self
        service.updateStatus.state = .rollbackStarted
        return service
    }
}
