import Credentials
import Execution
import LinuxSystem
import Logging
import ManagerNode
import Primitives
import ServiceLifecycle
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Trust
import WorkerNode

/// Does what the life of a node says, and reports to it what came of that.
struct NodeShell: Sendable {
    /// How many facts may wait; each part has one or two to tell, and a certificate's are far between.
    private static let factLimit = 1_024
    /// How long a manager that its group let go waits for the news before it asks.
    ///
    /// There is no news where it was promoted again meanwhile. SwarmKit waits 16 s (`node/node.go`); to ask too early does
    /// no harm, since the group takes in no member that is to be a worker.
    private static let renewal = Duration.seconds(1)

    /// What a node that has just become one brings along.
    struct NewNode: Sendable {
        let identity: NodeIdentity
        let addresses: NodeAddresses?
        let founding: ManagerFounding?
        let availability: SwarmNodeSpec.Availability
    }

    /// What runs at the moment, and what it works with.
    struct Running {
        var identity: NodeIdentity?
        var keeper: CertificateKeeper?
        var managers = ManagerList([])
        /// The attempt to become a node of a cluster.
        var joining: NodePart?
        var agent: NodePart?
        var manager: NodePart?
        var addresses: NodeAddresses?
        var founding: ManagerFounding?
        var availability = SwarmNodeSpec.Availability.active
    }

    let options: RunOptions
    let files: NodeFiles
    let executor: any Executor
    let socket: LocalSocket
    let log: Logger
    let facts: Inbox<NodeLife.Fact>
    let desk: RequestDesk
    /// The record of what operators change, of every phase of the node.
    let audit: AuditLog
    /// The node that the next `became` is about, if it is a new one.
    let newNode = Handover<NewNode>()

    init(options: RunOptions, files: NodeFiles, executor: any Executor, socket: LocalSocket, log: Logger) {
        self.options = options
        self.files = files
        self.executor = executor
        self.socket = socket
        self.log = log
        self.facts = Inbox(limit: Self.factLimit)
        self.desk = RequestDesk(facts: self.facts)
        self.audit = AuditLog(
            directory: ManagerConfiguration.auditDirectory(in: files.path),
            now: { SystemClock().now },
            log: log
        )
    }

    /// Works until it is told to stop, or cannot go on: then it throws a `CommandError`.
    func run() async throws {
        defer { self.desk.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            let control = NodeControlService(desk: self.desk) { try await self.invitation() }
            group.addTask { await self.audit.run() }
            group.addTask {
                try await self.socket.run(
                    [control, AuditService(log: self.audit)],
                    interceptors: [AuditInterceptor(audit: self.audit)]
                )
            }
            group.addTask {
                try await self.checkCluster()
                try await self.live()
            }
            try await group.next()
        }
    }

    /// Lives: takes in facts and acts on them until an action says that this is the end.
    private func live() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                do { try await gracefulShutdown() } catch { return }
                self.facts.put(.stopRequested)
            }
            var life = NodeLife()
            var running = try self.start()
            self.show(life, running)
            while let facts = await self.facts.take() {
                for fact in facts {
                    self.note(fact, &running)
                    for action in life.step(fact) {
                        if case .end(let reason) = action {
                            guard let reason else { return }
                            throw CommandError(reason)
                        }
                        try self.perform(action, &running, &group)
                    }
                    self.show(life, running)
                }
            }
            throw CancellationError()
        }
    }

    /// Reads what the state directory holds.
    private func start() throws -> Running {
        let holdings = try self.files.holdings()
        var running = Running(managers: ManagerList(try self.files.managers()))
        if holdings.name != nil, !holdings.isLocked, holdings.founding == nil {
            running.identity = try self.files.identity(unlockKey: nil).map {
                try self.identity($0.material, $0.keys)
            }
        }
        self.facts.put(.started(holdings, self.options.beginning))
        return running
    }

    /// Takes in what belongs to a fact, before anything is done about it.
    private func note(_ fact: NodeLife.Fact, _ running: inout Running) {
        switch fact {
        case .became:
            guard let new = self.newNode.take() else { return }
            running.identity = new.identity
            running.addresses = new.addresses
            running.founding = new.founding
            running.availability = new.availability
            running.managers = ManagerList((try? self.files.managers()) ?? [])
        case .forgotten: running = Running()
        case .managerEnded: running.managers.own = nil
        case .managerReady: running.founding = nil
        default: break
        }
    }

    func identity(_ material: NodeCredentials.Material, _ keys: KeyStore) throws -> NodeIdentity {
        NodeIdentity(credentials: try NodeCredentials(material, log: self.log), keys: keys)
    }

    private func perform(
        _ action: NodeLife.Action,
        _ running: inout Running,
        _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) throws {
        switch action {
        case .found(let request): group.addTask { await self.effort { try self.found(request) } }
        case .enroll(let request):
            let part = NodePart()
            running.joining = part
            group.addTask { await self.effort { try await part.value { try await self.enroll(request) } } }
        case .abandon: running.joining?.stop()
        case .open(let text): self.open(text)
        case .tellLocked: self.log.warning("this manager is locked: `swarmd unlock` opens it")
        case .startAgent: self.startAgent(&running, &group)
        case .startManager: try self.startManager(&running, &group)
        case .stopManager: running.manager?.stop()
        case .wipeLog: try self.wipeLog(running)
        case .renew:
            guard let keeper = running.keeper, let credentials = running.identity?.credentials else { return }
            let old = credentials.material.chainPEM
            group.addTask {
                do { try await Task.sleep(for: Self.renewal) } catch { return }
                // A session told first, as a rule.
                if credentials.material.chainPEM == old { keeper.demand() }
            }
        case .demote:
            guard let id = running.identity?.name.node else { return }
            group.addTask { await self.demote(id) }
        case .dissolve:
            let parts = running
            group.addTask { try await self.dissolve(parts) }
        case .answer(let ticket, let answer): self.desk.answer(ticket, answer)
        case .end: break
        }
    }

    /// Shows operators what the node is.
    private func show(_ life: NodeLife, _ running: Running) {
        self.socket.refuse(life.refusal)
        self.socket.secure(with: running.identity?.credentials, log: self.log)
        self.desk.show(
            .with {
                $0.phase = life.wirePhase
                if case .failed(let reason) = life.phase { $0.error = reason }
                $0.nodeID = life.name?.node ?? ""
                $0.clusterID = life.name?.cluster ?? ""
                $0.role = life.role == .manager ? .manager : .worker
                $0.managers = running.managers.texts
                $0.version = Version.text
                $0.hostname = self.options.hostname
                if let material = running.identity?.credentials.material {
                    $0.certificateNotAfter = material.notAfter.protobuf
                }
            }
        )
    }
}

/// A value that one task leaves for another.
final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ value: Value) { self.value.withLock { $0 = value } }

    func take() -> Value? {
        self.value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}

extension NodeLife {
    fileprivate var wirePhase: SwarmdNodeState.Phase {
        switch self.phase {
        case .inactive: .inactive
        case .pending: .pending
        case .locked: .locked
        case .active: .active
        case .failed: .failed
        }
    }
}
