import Primitives
import StoreCore
import SwarmAPI

/// What the decisions on one service look at.
struct PlanContext {
    let state: StoreState
    let now: Timestamp
    let service: SwarmService
    /// What the service's tasks wait for before any of them may start; nil where nothing holds them.
    let hold: String?
    private let factory: TaskFactory
    private(set) var generator: SeededGenerator

    init(
        state: StoreState,
        now: Timestamp,
        service: SwarmService,
        factory: TaskFactory,
        generator: SeededGenerator
    ) {
        self.state = state
        self.now = now
        self.service = service
        self.hold = ServiceDependencies(of: service.spec).unmet(on: state)
        self.factory = factory
        self.generator = generator
    }

    mutating func makeTask(at place: Place) -> SwarmTask {
        var task =
            switch place {
            case .slot(let number): self.factory.make(for: self.service, slot: number, using: &self.generator)
            case .node(let id):
                self.factory.make(for: self.service, slot: 0, nodeID: id, using: &self.generator)
            }
        if let hold {
            task.status.message = hold
            task.desiredState = .ready
        }
        return task
    }
}
