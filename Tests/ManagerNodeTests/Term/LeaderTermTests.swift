import Logging
import ManagerNode
import Primitives
import Synchronization
import Testing

@Suite struct LeaderTermTests {
    private struct Broken: Error {}

    @Test func `the first component to fail ends the others`() async {
        let cancelled = Atomic<Bool>(false)
        let term = LeaderTerm(
            [
                .init(name: "broken") { throw Broken() },
                .init(name: "steady") {
                    let never = AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1)) { _ in }
                    for await _ in never {}
                    cancelled.store(true, ordering: .relaxed)
                },
            ],
            log: Logger(label: "test")
        )
        await #expect(throws: Broken.self) { try await term.run() }
        let wasCancelled = cancelled.load(ordering: .relaxed)
        #expect(wasCancelled)
    }

    @Test func `a component that returns ends the term`() async throws {
        let term = LeaderTerm(
            [
                .init(name: "done") {},
                .init(name: "steady") {
                    let never = AsyncStream<Never>(bufferingPolicy: .bufferingOldest(1)) { _ in }
                    for await _ in never {}
                },
            ],
            log: Logger(label: "test")
        )
        try await term.run()
    }
}
