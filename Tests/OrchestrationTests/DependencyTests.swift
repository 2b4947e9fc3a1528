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
}
