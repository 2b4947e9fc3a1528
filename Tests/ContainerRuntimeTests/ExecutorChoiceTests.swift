import Logging
import SwarmAPI
import Testing

@testable import ContainerRuntime

@Suite struct ExecutorChoiceTests {
    private let settings = ExecutorSettings(stateDirectory: "/nonexistent", hostname: "h", engineVersion: "1")

    @Test func `auto takes processes, and what is not there is refused by name`() throws {
        let log = Logger(label: "test")
        #expect(try ExecutorChoice.auto.make(self.settings, log: log) is ProcessExecutor)
        #expect(try ExecutorChoice.process.make(self.settings, log: log) is ProcessExecutor)
        #expect(try ExecutorChoice.simulated.make(self.settings, log: log) is SimulatedExecutor)
        for choice in [ExecutorChoice.docker, .oci] {
            #expect(throws: ExecutorChoice.Unavailable(choice: choice)) {
                _ = try choice.make(self.settings, log: log)
            }
        }
        #expect("\(ExecutorChoice.Unavailable(choice: .oci))".contains("\"oci\" is not available yet"))
    }

    @Test func `a node describes itself as Docker would`() async throws {
        let node = try await ProcessExecutor(self.settings, log: Logger(label: "test")).describe()
        #expect(node.hostname == "h")
        #expect(node.platform.os == "linux")
        #expect(!node.platform.architecture.isEmpty)
        #expect(node.resources.nanoCpus >= 1_000_000_000)
        #expect(node.resources.memoryBytes > 64 << 20)
        #expect(node.engine.engineVersion == "1")
    }
}
