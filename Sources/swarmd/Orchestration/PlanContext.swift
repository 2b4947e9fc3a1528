import Primitives
import StoreCore
import SwarmAPI

/// What the decisions on one service look at.
struct PlanContext {
    let state: StoreState
    let now: Timestamp
    let service: SwarmService
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
        self.factory = factory
        self.generator = generator
    }

    mutating func makeTask(slot: UInt64) -> SwarmTask {
        self.factory.make(for: self.service, slot: slot, using: &self.generator)
    }
}
