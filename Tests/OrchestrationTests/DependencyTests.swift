import Orchestration
import ReconcilerTesting
import StoreCore
import SwarmAPI
import Testing

@Suite struct `A service that depends on another` {
    @Test func `is refused where the way leads back to itself`() throws {
        var stage = Stage([])
        func spec(_ name: String, _ others: String) -> SwarmServiceSpec {
            var spec = SwarmServiceSpec()
            spec.annotations.name = name
            spec.annotations.labels[ServiceDependencies.label] = others
            return spec
        }
        for (name, others) in [("a", "b"), ("b", "c:healthy")] {
            var service = SwarmService()
            (service.id, service.spec) = (name, spec(name, others))
            try stage.commit { try $0.create(service) }
        }
        let state = stage.state
        #expect(ServiceDependencies.fault(in: spec("c", "x,a"), on: state) == "a cycle: c -> a -> b -> c")
        #expect(ServiceDependencies.fault(in: spec("c", "c"), on: state) == "a cycle: c -> c")
        #expect(ServiceDependencies.fault(in: spec("c", "x"), on: state) == nil)
        #expect(
            ServiceDependencies.fault(in: spec("c", "x:soon"), on: state)
                == "\"soon\" is none of started, healthy, completed"
        )
    }

    /// A service that was held until another one's task ran.
    private static let released = """
        node n1
        service db
        service web delay=5s label.swarmd.depends-on=db
        plan
        | create db.1 desired=running "created"
        | create web.1 desired=ready "waiting for service db to be started"
        task db.1 state=running node=n1
        plan
        | web.1 desired=running
        """

    private func check(_ script: String) throws {
        #expect(try Transcript.play(script, on: ServiceOrchestrator()) == script)
    }

    @Test func `is prepared, and starts as soon as the other one runs`() throws {
        try self.check(Self.released)
    }

    @Test func `waits for the restart delay where its task failed`() throws {
        try self.check(
            Self.released + """

                task web.1 state=failed node=n1
                plan
                | web.1 desired=shutdown
                | create web.1#2 desired=ready "created"
                wait 5s
                plan
                | web.1#2 desired=running
                """
        )
    }
}
