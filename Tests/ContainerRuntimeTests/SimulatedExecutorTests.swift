import ContainerRuntime
import Execution
import SwarmAPI
import Testing

@Suite struct SimulatedExecutorTests {
    private let executor = SimulatedExecutor(
        ExecutorSettings(stateDirectory: "/nonexistent", hostname: "h", engineVersion: "1")
    )

    @Test func `a simulated task runs until it is told to stop`() async throws {
        let controller = try await self.executor.controller(for: shellTask(""))
        #expect(await controller.containerStatus() == nil)
        try await controller.prepare()
        try await controller.start()
        await #expect(throws: ControllerError.started) { try await controller.start() }
        let ended = try await withThrowingTaskGroup(of: ExitError?.self) { group in
            group.addTask { try await end(controller) }
            try await controller.shutdown()
            return try await group.next() ?? nil
        }
        #expect(ended == ExitError(code: 143))
        #expect(await controller.containerStatus()?.exitCode == 143)
    }

    @Test func `a cancelled wait can be waited for again`() async throws {
        let controller = try await self.executor.controller(for: shellTask(""))
        try await controller.start()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: CancellationError.self) { try await controller.wait() } }
            group.cancelAll()
        }
        try await controller.terminate()
        #expect(try await end(controller) == ExitError(code: 137))
    }

    @Test func `a simulated task of an earlier daemon is gone`() async throws {
        let task = shellTask("")
        let controller = try await self.executor.controller(for: task)
        try await controller.start()
        let other = SimulatedExecutor(
            ExecutorSettings(stateDirectory: "/nonexistent", hostname: "h", engineVersion: "1")
        )
        let again = try await other.controller(for: task)
        #expect(try await end(again)?.cause == "a simulated task does not survive its daemon")
    }
}
