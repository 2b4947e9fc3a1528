import Execution
import Logging
import Primitives
import SwarmAPI

/// Keeps the description of this node fresh (SwarmKit `agent/agent.go`, `nodeDescriptionWithHostname`).
struct DescriptionSource: Sendable {
    /// How often the executor is asked again.
    static let period: Duration = .seconds(20)

    private let current = Mailbox<SwarmNodeDescription?>(nil)
    private let executor: any Executor
    private let hostname: String?
    private let tlsInfo: @Sendable () -> SwarmNodeTLSInfo
    private let clock: WorkerClock
    private let log: Logger

    init(
        executor: any Executor,
        hostname: String?,
        tlsInfo: @escaping @Sendable () -> SwarmNodeTLSInfo = { SwarmNodeTLSInfo() },
        clock: WorkerClock,
        log: Logger
    ) {
        self.executor = executor
        self.hostname = hostname
        self.tlsInfo = tlsInfo
        self.clock = clock
        self.log = log
    }

    /// Asks the executor until cancelled; a failing one is asked again soon, and its last word stays.
    func run() async throws {
        var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
        var dice = SystemRandomNumberGenerator()
        while true {
            do {
                var description = try await self.executor.describe()
                if let hostname = self.hostname { description.hostname = hostname }
                description.tlsInfo = self.tlsInfo()
                self.put(description)
                backoff.reset()
                try await self.clock.sleep(Self.period)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                self.log.warning("the executor can't describe this node", metadata: ["error": "\(error)"])
                try await self.clock.sleep(backoff.next(using: &dice))
            }
        }
    }

    /// Says what there is to say of the certificate now, without asking the executor.
    func refresh() {
        guard var description = self.current.access({ $0 }) else { return }
        description.tlsInfo = self.tlsInfo()
        self.put(description)
    }

    /// The last description; asks the executor where there is none yet.
    func latest() async throws -> SwarmNodeDescription {
        if let description = self.current.access({ $0 }) { return description }
        var description = try await self.executor.describe()
        if let hostname = self.hostname { description.hostname = hostname }
        return description
    }

    private func put(_ description: SwarmNodeDescription) {
        guard self.current.access({ $0 }) != description else { return }
        self.current.change { $0 = description }
    }

    /// The first description, as soon as there is one.
    func first() async throws -> SwarmNodeDescription {
        for await _ in self.current.wakes() {
            if let description = self.current.access({ $0 }) { return description }
        }
        throw CancellationError()
    }

    /// Returns when the description isn't `description` any more.
    func change(from description: SwarmNodeDescription) async throws {
        for await _ in self.current.wakes() where self.current.access({ $0 }) != description { return }
        throw CancellationError()
    }
}
