package import Execution
import Foundation
package import Logging
import Primitives
import SwarmAPI
import SwiftProtobuf
import Synchronization

/// The node's part of the cluster: keeps a session with a manager, and runs the tasks it is given.
///
/// Tasks go on with no manager, and when the agent ends (SwarmKit `agent/agent.go`).
package struct Agent: Sendable {
    let configuration: AgentConfiguration
    let executor: any Executor
    let log: Logger
    let clock: WorkerClock

    /// An agent that runs its tasks with `executor`; nothing happens before `run`.
    package init(configuration: AgentConfiguration, executor: any Executor, log: Logger) {
        self.init(configuration: configuration, executor: executor, log: log, clock: .system)
    }

    /// An agent with a clock of its own.
    init(configuration: AgentConfiguration, executor: any Executor, log: Logger, clock: WorkerClock) {
        self.configuration = configuration
        self.executor = executor
        self.log = log
        self.clock = clock
    }

    /// Works until cancelled, and leaves all tasks running; throws when the task database can't be used.
    package func run() async throws {
        let folder = self.configuration.stateDirectory + "/worker"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let database = try TaskDatabase(path: folder + "/tasks.db")
        let registry = ControllerRegistry()
        let reporter = StatusReporter(clock: self.clock, log: self.log)
        let descriptions = DescriptionSource(
            executor: self.executor,
            hostname: self.configuration.hostname,
            tlsInfo: self.configuration.tlsInfo,
            clock: self.clock,
            log: self.log
        )
        let worker = Worker(
            database: database,
            executor: self.executor,
            reporter: reporter,
            registry: registry,
            describe: descriptions.latest,
            clock: self.clock,
            log: self.log
        )
        let publisher = LogPublisher(
            nodeID: self.configuration.nodeID,
            registry: registry,
            clock: self.clock,
            log: self.log
        )
        let circle = ManagerCircle(
            self.configuration,
            executor: self.executor,
            log: self.log,
            now: self.clock.now
        )
        let parts = Session.Parts(
            worker: worker,
            reporter: reporter,
            publisher: publisher,
            descriptions: descriptions,
            clock: self.clock,
            log: self.log
        ) { [heard = self.configuration.heard] message, manager in
            await circle.hear(message)
            await heard(message, manager)
        }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                try await worker.run()
                throw CancellationError()
            }
            group.addTask { try await descriptions.run() }
            group.addTask { await self.configuration.followTLS { descriptions.refresh() } }
            group.addTask { try await self.keepSession(parts, circle) }
        }
    }

    /// Opens one session after the other.
    private func keepSession(_ parts: Session.Parts, _ circle: ManagerCircle) async throws {
        var policy = ReconnectPolicy(now: self.clock.now())
        var mentions = SessionMentions()
        var dice = SystemRandomNumberGenerator()
        // The session that a manager may still know.
        var session = ""
        while true {
            _ = try await parts.descriptions.first()
            guard let address = circle.pick(own: self.configuration.ownManager(), using: &dice) else {
                // The first manager of a cluster is about to start, or another one has to be named.
                self.log.debug("no manager is known")
                try await self.clock.sleep(policy.pause(now: self.clock.now(), using: &dice))
                continue
            }
            let chain = SessionChain(
                address: address,
                security: self.configuration.security,
                resumed: session,
                parts: parts
            )
            let end = await chain.run()
            try Task.checkCancellation()
            let opened = circle.leave(address)
            session = SessionEnd.isForgotten(after: end) ? "" : opened?.id ?? session
            if opened != nil { mentions.opened() }
            let line = mentions.line(for: end, at: self.clock.now())
            self.log.log(
                level: line.level,
                "\(line.message)",
                metadata: ["manager": "\(address)", "reason": "\(line.reason)"]
            )
            if SessionEnd.isDismissal(end) {
                policy.dismissed()
                self.configuration.dismissed(line.reason)
            }
            if let opened { policy.lost(after: self.clock.now() - opened.since, now: self.clock.now()) }
            try await self.clock.sleep(policy.pause(now: self.clock.now(), using: &dice))
        }
    }

    /// The node's tasks without a session; nil where it never had any.
    func holdings() throws -> (database: TaskDatabase, worker: Worker)? {
        let path = self.configuration.stateDirectory + "/worker/tasks.db"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let database = try TaskDatabase(path: path)
        let worker = Worker(
            database: database,
            executor: self.executor,
            reporter: StatusReporter(clock: self.clock, log: self.log),
            registry: ControllerRegistry(),
            describe: self.executor.describe,
            clock: self.clock,
            log: self.log
        )
        return (database, worker)
    }
}
