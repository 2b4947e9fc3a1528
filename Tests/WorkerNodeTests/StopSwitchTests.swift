import Testing

@testable import WorkerNode

@Suite struct StopSwitchTests {
    private struct Failure: Error {}

    @Test func `work that isn't stopped gives its result or its error`() async throws {
        #expect(try await StopSwitch().run { 7 } == 7)
        await #expect(throws: Failure.self) { try await StopSwitch().run { throw Failure() } }
    }

    @Test func `work that is stopped is cancelled and waited for`() async throws {
        let stop = StopSwitch()
        stop.stop()
        let isCancelled = try await stop.run {
            while !Task.isCancelled { await Task.yield() }
            return Task.isCancelled
        }
        #expect(isCancelled)
    }
}
