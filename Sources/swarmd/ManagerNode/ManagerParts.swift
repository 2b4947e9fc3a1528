import Allocation
import GRPCCore
import Logging
import NIOCore
import Orchestration
import Primitives
import RaftCore
import Replication
import ReplicatedStore
import Scheduling
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Trust

/// The parts of a manager and how they hang together; made once, used by the servers and by each term.
final class ManagerParts: Sendable {
    let store: ReplicatedStore
    let console: ConsoleService
    /// What was changed through the local socket.
    let audit: AuditLog
    /// The way to whoever leads, while this manager does not.
    let leader: LeaderConnection
    /// Runs calls, the log and the store on the thread of the connections.
    let executor: LoopExecutor
    /// "host:port" that agents are told; empty until connections are accepted.
    let address: Mutex<String>
    /// What this manager refused since it started; the console shows it.
    let refusals: RefusalCounters

    private let configuration: ManagerConfiguration
    private let proposer: GroupProposer
    private let clock: any WallClock
    private let log: Logger
    private let dispatcher: Dispatcher
    private let broker: LogBroker
    /// Where reconcilers and the console's tracker work.
    let planning = PlanningExecutor()

    init(
        configuration: ManagerConfiguration,
        store: ReplicatedStore,
        proposer: GroupProposer,
        executor: LoopExecutor,
        clock: any WallClock,
        steady: any WallClock,
        log: Logger
    ) {
        self.configuration = configuration
        self.refusals = configuration.security.refusals
        self.store = store
        self.executor = executor
        self.clock = clock
        self.log = log
        self.proposer = proposer
        self.leader = Self.leaderConnection(proposer, configuration.security.connections, on: executor.loop)
        self.audit =
            configuration.audit
            ?? AuditLog(
                directory: ManagerConfiguration.auditDirectory(in: configuration.stateDirectory),
                now: { clock.now },
                log: log
            )
        let members: @Sendable () async -> [SwarmRaftMember] = { proposer.members }
        self.address = Mutex("")
        self.dispatcher = Dispatcher(
            store: store,
            managerID: configuration.nodeID,
            managers: { await members().map(Self.peer) },
            seed: Self.freshSeed(),
            clock: clock,
            steady: steady,
            log: log
        )
        self.broker = LogBroker(store: store, makeID: Self.freshIdentifier)
        self.console = ConsoleService(
            sources: ConsoleSources(
                store: store,
                logStatus: { proposer.status },
                sessions: { [dispatcher] in await dispatcher.sessions() },
                sessionChanges: self.dispatcher.sessionChanges(),
                members: members,
                now: { clock.now },
                reports: { [security = configuration.security.connections] address, report in
                    try await ProgressCall.follow(address, security: security, report: report)
                },
                handOver: Self.handOver(of: proposer),
                refusals: { [refusals] in refusals.told }
            ),
            identity: ConsoleIdentity(
                nodeID: configuration.nodeID,
                hostname: configuration.hostname,
                version: configuration.version
            )
        )
        self.members = members
    }

    private let members: @Sendable () async -> [SwarmRaftMember]

    /// How long a transfer of leadership may keep proposals waiting.
    private static let transferDeadline = Duration.seconds(3)

    /// Hands leadership to a member; returns whether this manager leads no more.
    private static func handOver(of proposer: GroupProposer) -> @Sendable (UInt64) async -> Bool {
        { member in
            await proposer.handOver(to: RaftID(rawValue: member), within: Self.transferDeadline)
            return !proposer.isLeader
        }
    }

    private static func leaderConnection(
        _ proposer: GroupProposer,
        _ security: any ConnectionSecurity,
        on loop: any EventLoop
    ) -> LeaderConnection {
        LeaderConnection(
            isLeader: { proposer.isLeader },
            leader: { proposer.members.first { $0.status.leader }?.addr }
        ) { address, body in
            try await ManagerConnection.withClient(
                to: address,
                security: security,
                within: MembershipCalls.checkDeadline,
                on: loop,
                body
            )
        }
    }

    /// What agents and other managers may call.
    var agentServices: [any RegistrableRPCService] {
        // Others may not have heard of a promotion yet; the leader made it.
        let isDemoted: @Sendable (String) -> Bool = { [proposer, newest = self.store.newest] node in
            proposer.isLeader && newest.state.nodes[node].map { $0.role != .manager } ?? false
        }
        let group: [any RegistrableRPCService] = [
            RaftService(
                receiver: self.proposer,
                security: self.configuration.security.connections,
                isDemoted: isDemoted
            ),
            ReplicationService(receiver: self.proposer, isDemoted: isDemoted),
            RaftMembershipService(
                group: self.proposer,
                security: self.configuration.security.connections,
                log: self.log,
                desiredRole: { [store] in await store.committed.state.nodes[$0]?.spec.desiredRole }
            ),
            GroupReportService(console: self.console), Self.health("Raft"),
        ]
        // Calls of operators come from other managers' sockets, by managers that show a certificate.
        let passedOn = self.configuration.security.cluster == nil ? [] : self.passedOnServices
        return self.commonServices + group + passedOn
    }

    /// What a call of the network passes first.
    var agentInterceptors: [any ServerInterceptor] {
        let clock = self.clock
        let sources = Authorizer.Sources(
            clusterID: self.configuration.security.cluster ?? "",
            state: { [newest = self.store.newest] in newest.state },
            isLeader: { [proposer] in proposer.isLeader }
        )
        return [
            Authorizer(sources: sources, counters: self.refusals, now: { clock.now }, log: self.log),
            Forwarder(.remote, leader: self.leader, counters: self.refusals),
        ]
    }

    private var control: ControlService {
        let clock = self.clock
        return ControlService(
            store: self.store,
            members: self.members,
            now: { clock.now },
            servers: self.configuration.security.authorities
        )
    }

    /// What operators call, wherever their call came in.
    private var passedOnServices: [any RegistrableRPCService] {
        [
            self.control, WatchService(store: self.store), LogsService(broker: self.broker),
            MaintenanceService(
                store: self.store,
                clock: self.clock,
                servers: self.configuration.security.authorities
            ),
        ]
    }

    /// What may be called from anywhere.
    private var commonServices: [any RegistrableRPCService] {
        let clock = self.clock
        return [
            DispatcherService(dispatcher: self.dispatcher),
            CAService(store: self.store),
            self.admission(clock),
            LogBrokerService(broker: self.broker),
            ResourceAllocatorService(store: self.store, now: { clock.now }),
        ]
    }

    /// What lets nodes in; whom it refuses is counted, and told of now and then.
    private func admission(_ clock: any WallClock) -> NodeCAService {
        let mentions = RefusalMentions(log: self.log, now: { clock.now })
        let method = SwarmNodeCA.Method.IssueNodeCertificate.descriptor.fullyQualifiedMethod
        return NodeCAService(store: self.store, clock: clock, makeID: Self.freshIdentifier) {
            [refusals] refusal, address in
            refusals.count(refusal.reason)
            mentions.tell(refusal, method: method, peer: address)
        }
    }

    /// What whoever may open the local socket may call.
    var operatorServices: [any RegistrableRPCService] {
        self.commonServices + self.passedOnServices + [
            self.console,
            AuditService(log: self.audit),
            Self.health("ControlAPI"),
        ]
    }

    /// What such a call passes first.
    var operatorInterceptors: [any ServerInterceptor] {
        let audit = AuditInterceptor(audit: self.audit, cluster: self.presentCluster)
        // The leader takes operators' calls from managers that show a certificate.
        guard self.configuration.security.cluster != nil else { return [audit] }
        return [audit, Forwarder(.local, leader: self.leader, counters: self.refusals)]
    }

    /// What such a call need not go through gRPC's machinery for while this manager leads.
    var operatorProcedures: UnaryProcedures {
        UnaryProcedures(self.control, audit: self.audit, cluster: self.presentCluster) { [leader] in
            leader.isHere
        }
    }

    /// The cluster as this manager knows it.
    private var presentCluster: @Sendable () -> SwarmCluster? {
        { [newest = self.store.newest] in newest.state.clusters.all.first }
    }

    /// Whether a call of an operator's may take so long that the group's would wait for it: one that reads all
    /// of a kind, or that goes on for as long as somebody looks.
    @Sendable static func takesLong(_ method: MethodDescriptor) -> Bool {
        switch method.service {
        case SwarmControl.descriptor: method.method.hasPrefix("List")
        case SwarmWatch.descriptor, SwarmLogs.descriptor, SwarmdConsole.descriptor,
            SwarmdMaintenance.descriptor, SwarmdAudit.descriptor:
            true
        default: false
        }
    }

    /// What a term of this manager puts in place first.
    func bootstrap() async throws -> ClusterBootstrap {
        let founding = self.configuration.founding
        let cluster = await self.store.committed.state.clusters.named(ClusterBootstrap.clusterName)
        var root = SwarmRootCA()
        // A root that is not needed is not made.
        if founding == nil, cluster?.rootCa.caCert.isEmpty ?? true {
            root = try ClusterRoot.record(of: RootAuthority(at: self.clock.now))
        }
        return ClusterBootstrap(
            clusterID: Self.freshIdentifier(),
            node: ClusterBootstrap.manager(
                id: self.configuration.nodeID,
                hostname: self.configuration.hostname,
                address: self.address.withLock { $0 },
                raftID: self.proposer.id.rawValue,
                availability: self.configuration.availability,
                certificate: founding?.certificate ?? ""
            ),
            founding: founding,
            root: root
        )
    }

    /// The components of one term.
    func term() -> LeaderTerm {
        let keeper = GroupKeeper(store: self.store, group: self.proposer, clock: self.clock, log: self.log)
        var components = [
            self.reconcile("orchestrator", ServiceOrchestrator()),
            self.reconcile("job schedule", JobSchedule()),
            self.reconcile("constraint enforcer", ConstraintEnforcer()),
            self.reconcile("volume enforcer", VolumeEnforcer()),
            self.reconcile("allocator", Allocator()),
            self.reconcile("scheduler", Scheduler()),
            self.reconcile("task reaper", TaskReaper()),
            self.reconcile("certificate signer", CertificateSigner()),
            self.reconcile("root rotation", RootRotation()),
            self.reconcile("join reaper", JoinReaper()),
            self.reconcile("key manager", KeyManager(dice: SystemRandomNumberGenerator())),
            LeaderTerm.Component(name: "dispatcher") { [dispatcher] in await dispatcher.run() },
            LeaderTerm.Component(name: "log broker") { [broker] in await broker.run() },
            LeaderTerm.Component(name: "group keeper") { [keeper] in try await keeper.run() },
        ]
        if let client = self.configuration.security.authorities {
            let signer = ExternalSigner(store: self.store, client: client, clock: self.clock, log: self.log)
            components.append(LeaderTerm.Component(name: "external signer") { try await signer.run() })
        }
        return LeaderTerm(components, log: self.log)
    }

    /// Whether the cluster object is there: a leader has begun its first term.
    var isBootstrapped: Bool {
        get async {
            await self.store.committed.state.clusters.named(ClusterBootstrap.clusterName) != nil
        }
    }

    /// What tells the group where this manager listens.
    func addressKeeper() -> AddressKeeper {
        AddressKeeper(
            proposer: self.proposer,
            nodeID: self.configuration.nodeID,
            security: self.configuration.security.connections,
            address: self.address.withLock { $0 },
            knownManagers: self.configuration.knownManagers,
            clock: self.clock,
            log: self.log
        )
    }

    /// What keeps the key file locked as the cluster says; nil where the manager has none.
    func keyWatcher() -> KeyWatcher? {
        self.configuration.keys.map {
            KeyWatcher(keys: $0, store: self.store, group: self.proposer, clock: self.clock, log: self.log)
        }
    }

    private func reconcile(_ name: String, _ core: some Reconciler) -> LeaderTerm.Component {
        let loop = ReconcileLoop(
            core,
            store: self.store,
            seed: Self.freshSeed(),
            clock: self.clock,
            log: self.log
        )
        return LeaderTerm.Component(name: name) { [planning] in
            try await withTaskExecutorPreference(planning) { try await loop.run() }
        }
    }

    static func health(_ key: String) -> HealthService {
        let service = HealthService(keys: [key])
        service.set(key, isServing: true)
        return service
    }

    private static func peer(_ member: SwarmRaftMember) -> SwarmWeightedPeer {
        .with {
            $0.peer.nodeID = member.nodeID
            $0.peer.addr = member.addr
            // SwarmKit's weight of every manager.
            $0.weight = 10
        }
    }

    /// "host:port" of a bound address.
    static func text(of address: SocketAddress) -> String {
        guard let host = address.ipAddress, let port = address.port else { return "\(address)" }
        return "\(ServerAddress(host: host, port: port))"
    }

    /// A seed from the system's generator: the one place where chance enters a term.
    private static func freshSeed() -> UInt64 { UInt64.random(in: .min ... .max) }

    @Sendable private static func freshIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        return Identifier.make(using: &generator)
    }
}
