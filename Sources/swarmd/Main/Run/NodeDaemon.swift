import ContainerRuntime
import Execution
import LinuxSystem
import Logging
import ManagerNode
import Primitives
import Replication
import ServiceLifecycle
import SwarmAPI
import SwarmRPC
import UnixSignals
import WorkerNode

/// The daemon of one node: finds out what the node is, and runs that until it is told to stop.
struct NodeDaemon: Sendable {
    /// What the node is.
    private enum Part {
        case manager(nodeID: String, joining: ServerAddress?)
        case worker(nodeID: String, managers: [ServerAddress])
    }

    private let options: RunOptions
    private let log: Logger

    init(options: RunOptions, log: Logger) {
        self.options = options
        self.log = log
    }

    func run() async throws {
        let directory = try StateDirectory(path: self.options.stateDirectory)
        let executor = try self.options.executor.make(self.settings, log: self.log)
        let part = try await self.part(in: directory)
        let service = DaemonService {
            switch part {
            case .manager(let nodeID, let leader):
                try await self.runManager(nodeID, joining: leader, executor: executor)
            case .worker(let nodeID, let managers):
                try await cancelWhenGracefulShutdown {
                    try await self.agent(nodeID, managers: managers, executor: executor).run()
                }
            }
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "swarmd.lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        do {
            try await group.run()
        } catch let error as LogError {
            throw LogAdvice.failure(error)
        }
        // The directory stays ours until everything in it is closed.
        _ = consume directory
        self.log.notice("stopped; tasks go on running")
    }

    /// What this node is, or becomes now.
    private func part(in directory: borrowing StateDirectory) async throws -> Part {
        switch (self.options.beginning, directory.node) {
        case (.stored, nil):
            throw CommandError(
                "\(directory.path) holds no node yet: give --init to make a cluster, or --join ADDRESS to join one"
            )
        case (.initialize, nil):
            try self.checkListeners()
            return .manager(nodeID: try self.makeIdentity(in: directory.path), joining: nil)
        case (.initialize, .some) where !directory.isManagers:
            throw CommandError(
                "\(directory.path) belongs to a worker of another cluster: use another --state-dir to make a new one"
            )
        case (.join(_, _, role: .worker), .some) where directory.isManagers:
            throw CommandError(
                "\(directory.path) belongs to a manager of another cluster: use another --state-dir to join this one"
            )
        case (.join(let address, let token, let role), nil):
            return try await self.enroll(at: address, token: token, role: role, in: directory.path)
        case (.join(let address, _, role: .manager), .some(let node)):
            try await self.checkCluster(of: node, at: address, in: directory.path)
            // A manager whose join was cut short goes on with it; others find the group in their own log.
            return .manager(nodeID: node.nodeID, joining: try ServerAddress(address))
        case (_, .some(let node)) where directory.isManagers:
            return .manager(nodeID: node.nodeID, joining: nil)
        case (let beginning, .some(let node)):
            var managers = try node.managers.map { try ServerAddress($0.address) }
            if case .join(let address, _, _) = beginning {
                try await self.checkCluster(of: node, at: address, in: directory.path)
                let named = try ServerAddress(address)
                if !managers.contains(named) { managers.append(named) }
            }
            return .worker(nodeID: node.nodeID, managers: managers)
        }
    }

    /// Refuses a manager that could not be reached, before anything is written or anybody is told of it.
    private func checkListeners() throws {
        do throws(ListenError) {
            try ListenCheck.check(
                address: self.options.listenAddress,
                self.options.scope,
                socket: self.options.socketPath
            )
        } catch {
            throw CommandError("--listen-addr or --socket: \(error)")
        }
    }

    /// Refuses to go back to the cluster of the directory when another one was meant.
    ///
    /// A manager that this node does not know yet is asked; if it can't be, it is taken for one of the cluster.
    private func checkCluster(of node: NodeState, at address: String, in path: String) async throws {
        guard !node.managers.contains(where: { $0.address == address }) else { return }
        let isKnown = await Enrollment(security: UncertifiedNode(), log: self.log)
            .isKnown(UncertifiedNode(node.nodeID), at: try ServerAddress(address))
        guard isKnown == false else { return }
        throw CommandError(
            "--join \(address): the cluster there does not know the node of \(path), which is of another cluster "
                + "or was removed: use another --state-dir to join as a new node"
        )
    }

    private func makeIdentity(in path: String) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let id = Identifier.make(using: &generator)
        try NodeState(nodeID: id).save(to: path)
        return id
    }

    private func enroll(
        at address: String,
        token: String,
        role: SwarmNodeRole,
        in path: String
    ) async throws -> Part {
        if role == .manager { try self.checkListeners() }
        let enrolled = try await Enrollment(security: UncertifiedNode(), log: self.log).enroll(
            at: address,
            token: token,
            role: role,
            availability: self.options.availability
        )
        let (id, manager) = (enrolled.nodeID, enrolled.manager)
        try NodeState(nodeID: id, managers: [.init(nodeID: "", address: "\(manager)")]).save(to: path)
        self.log.notice("this node joined the cluster", metadata: ["node": "\(id)", "manager": "\(manager)"])
        return role == .manager
            ? .manager(nodeID: id, joining: manager) : .worker(nodeID: id, managers: [manager])
    }

    /// A manager is a node too: its agent runs beside it, and dies with it.
    private func runManager(
        _ nodeID: String,
        joining leader: ServerAddress?,
        executor: any Executor
    ) async throws {
        let known = try NodeState.load(from: self.options.stateDirectory)?.managers.map(\.address) ?? []
        var configuration = ManagerConfiguration(
            nodeID: nodeID,
            security: .uncertified(nodeID),
            hostname: self.options.hostname,
            version: Version.text,
            stateDirectory: self.options.stateDirectory,
            socketPath: self.options.socketPath,
            listenAddress: self.options.listenAddress,
            advertiseAddress: self.options.advertiseAddress,
            availability: self.options.availability,
            joining: leader?.description ?? ""
        )
        configuration.knownManagers = known
        configuration.scope = self.options.scope
        let manager = Manager(
            configuration: configuration,
            clock: SystemClock(),
            steady: SteadyClock(),
            log: self.log
        )
        let (addresses, ready) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                // A leader hands its office over before it goes.
                try await manager.run(until: { try? await gracefulShutdown() }, onReady: { ready.yield($0) })
            }
            group.addTask {
                for await address in addresses {
                    var managers = [try ServerAddress(address)] + (leader.map { [$0] } ?? [])
                    managers += known.compactMap { try? ServerAddress($0) }
                    try await self.agent(nodeID, managers: managers, executor: executor).run()
                }
            }
            try await group.next()
        }
    }

    private func agent(_ nodeID: String, managers: [ServerAddress], executor: any Executor) -> Agent {
        let configuration = AgentConfiguration(
            nodeID: nodeID,
            security: UncertifiedNode(nodeID),
            managers: managers,
            stateDirectory: self.options.stateDirectory,
            hostname: self.options.hostname
        )
        return Agent(configuration: configuration, executor: executor, log: self.log)
    }

    private var settings: ExecutorSettings {
        ExecutorSettings(
            stateDirectory: self.options.stateDirectory,
            hostname: self.options.hostname,
            engineVersion: Version.text
        )
    }
}

/// Work that ends when a signal asks for it.
private struct DaemonService: Service {
    let work: @concurrent @Sendable () async throws -> Void

    func run() async throws {
        do {
            try await self.work()
        } catch is CancellationError {
            // The end that was asked for.
        }
    }
}
