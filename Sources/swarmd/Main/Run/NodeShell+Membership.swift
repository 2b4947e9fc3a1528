import ControlClient
import Credentials
import GRPCCore
import LinuxSystem
import Logging
import ManagerNode
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Trust
import WorkerNode

/// How a node comes into a cluster, and out of it.
extension NodeShell {
    /// How long a manager that leaves waits for the others to let it go.
    private static let demotion = Duration.seconds(30)
    /// How long tasks may take to end when the node leaves.
    private static let farewell = Duration.seconds(30)

    /// Makes something of the node and says what came of it.
    func effort(_ body: () async throws -> NewNode) async {
        defer { self.desk.report("") }
        do {
            let new = try await body()
            self.newNode.put(new)
            self.facts.put(.became(new.identity.name))
        } catch {
            self.facts.put(.effortFailed("\(error)"))
        }
    }

    /// Makes a cluster's root and this node's certificate of it.
    func found(_ request: SwarmdInitClusterRequest) throws -> NewNode {
        let addresses = try self.addresses(listen: request.listenAddr, advertise: request.advertiseAddr)
        try self.checkListener(addresses)
        let (material, keys, root) = try ClusterFounding(files: self.files).make(
            request,
            at: SystemClock().now
        )
        try self.remember(addresses, material.name.node, managers: [])
        let founding = ManagerFounding(
            clusterID: material.name.cluster,
            root: root,
            certificate: material.chainPEM,
            spec: request.spec,
            networks: NetworkFounding(
                pools: request.defaultAddrPool,
                subnetSize: request.defaultAddrPoolMaskLength,
                dataPort: request.dataPathPort
            )
        )
        return NewNode(
            identity: try self.identity(material, keys),
            addresses: addresses,
            founding: founding,
            availability: request.availability
        )
    }

    /// Gets this node's certificate by a token.
    func enroll(_ request: SwarmdJoinClusterRequest) async throws -> NewNode {
        try self.options.checkToken(isMember: !request.token.isEmpty)
        // What is given is looked at before anybody is asked; the role, which the token stands for, is not known yet.
        if !request.listenAddr.isEmpty || self.options.listenAddress != nil {
            try self.checkListener(
                self.addresses(listen: request.listenAddr, advertise: request.advertiseAddr)
            )
        }
        let token = try JoinToken(parsing: request.token)
        self.desk.report("")
        let enrollment = Enrollment(log: self.log) { self.desk.report($0) }
        let enrolled = try await enrollment.enroll(
            at: try request.managers.map { try ServerAddress($0) },
            token: token,
            availability: request.availability
        )
        let material = enrolled.material
        let credentials = try NodeCredentials(material, log: self.log)
        var (lock, version): (UnlockKey?, UInt64) = (nil, 0)
        var addresses: NodeAddresses?
        if material.name.role == .manager {
            addresses = try self.addresses(listen: request.listenAddr, advertise: request.advertiseAddr)
            (lock, version) = try await enrollment.unlockKey(credentials, at: [enrolled.manager])
        }
        // Whoever gave this up finds the directory as it was.
        try Task.checkCancellation()
        let keys = try self.files.keep(material, lockedWith: lock, version: version)
        let managers = [NodeState.Manager(nodeID: "", address: "\(enrolled.manager)")]
        try self.remember(addresses, material.name.node, managers: managers)
        self.log.notice(
            "this node joined the cluster",
            metadata: ["node": "\(material.name.node)", "manager": "\(enrolled.manager)"]
        )
        return NewNode(
            identity: NodeIdentity(credentials: credentials, keys: keys),
            addresses: addresses,
            founding: nil,
            availability: request.availability
        )
    }

    /// Opens a locked node's key.
    func open(_ text: String) {
        do {
            let key = try UnlockKey(parsing: text)
            guard let (material, keys, name) = try self.files.identity(unlockKey: key) else {
                self.facts.put(.keyRefused("the node's certificate is missing"))
                return
            }
            self.newNode.put(
                NewNode(
                    identity: try self.identity(material, keys),
                    addresses: nil,
                    founding: nil,
                    availability: .active
                )
            )
            self.facts.put(.became(name))
        } catch {
            self.facts.put(.keyRefused("\(error)"))
        }
    }

    /// Where this node listens and is reached: as it is told now, or was told before.
    func addresses(listen: String = "", advertise: String = "") throws -> NodeAddresses {
        let stored = try NodeState.load(from: self.files.path)
        func first(_ texts: String?...) -> String {
            texts.lazy.compactMap(\.self).first { !$0.isEmpty } ?? ""
        }
        let listen = first(
            listen,
            self.options.listenAddress,
            stored?.listenAddress,
            NodeAddresses.defaultListen
        )
        let advertise = first(advertise, self.options.advertiseAddress, stored?.advertiseAddress)
        return try NodeAddresses(
            listen: listen,
            advertise: advertise,
            interfaces: InterfaceAddress.current()
        )
    }

    private func remember(_ addresses: NodeAddresses?, _ node: String, managers: [NodeState.Manager]) throws {
        var state = NodeState(nodeID: node, managers: managers)
        state.listenAddress = addresses?.listen
        state.advertiseAddress = addresses?.advertise
        try state.save(to: self.files.path)
    }

    /// Refuses a manager that could not be reached, before anything is written.
    private func checkListener(_ addresses: NodeAddresses) throws {
        do throws(ListenError) { try ListenCheck.check(address: addresses.listen) } catch {
            throw CommandError("--listen-addr: \(error)")
        }
    }

    /// Refuses to go back to the cluster of the directory when the command line means another one.
    ///
    /// A manager that this node does not know yet is asked; if it can't be, it is taken for one of the cluster.
    func checkCluster() async throws {
        guard case .join(let request) = self.options.beginning,
            let root = try self.files.certificates.loadRoot()
        else { return }
        let known = try self.files.managers().map(\.address)
        for address in request.managers where !known.contains(address) {
            let enrollment = Enrollment(log: self.log)
            guard let there = try? await enrollment.root(at: ServerAddress(address)),
                there != Array(root.pem.utf8)
            else { continue }
            throw CommandError(
                "--join \(address): the cluster there has another root certificate than the node of "
                    + "\(self.files.path), which is of another cluster: use another --state-dir to join as a new node"
            )
        }
    }

    /// What a new cluster's founder tells its operator.
    func invitation() async throws -> SwarmdInitClusterResponse {
        try await ControlClient.withConnection(to: self.options.socketPath) { client in
            let cluster = try await client.cluster()
            let node = try await client.node(named: "self")
            let key = UnlockKey(bytes: try await client.unlockKey())
            return .with {
                $0.nodeID = node.id
                $0.clusterID = cluster.id
                $0.addr = node.managerStatus.addr
                $0.workerToken = cluster.rootCa.joinTokens.worker
                $0.managerToken = cluster.rootCa.joinTokens.manager
                $0.unlockKey = key?.text ?? ""
            }
        }
    }

    /// Asks the cluster to let this manager go, and gives it time to do so.
    func demote(_ id: String) async {
        do {
            try await ControlClient.withConnection(to: self.options.socketPath) { client in
                let managers = try await client.nodes().filter(\.hasManagerStatus)
                if let reason = Self.reasonToStay(of: managers.count) { throw ControlError(.refused, reason) }
                var node = try await client.node(named: id)
                node.spec.desiredRole = .worker
                _ = try await client.update(node)
            }
            try await Task.sleep(for: Self.demotion)
            let seconds = Self.demotion.components.seconds
            self.facts.put(
                .demotionRefused(Self.refusal("the others have not let it go within \(seconds) s"))
            )
        } catch let error as ControlError {
            let reason = NodeAdvice.explained(error, self.options.hostname).description
            self.facts.put(.demotionRefused(Self.refusal(reason)))
        } catch {
            // The daemon stops.
        }
    }

    /// Why one of so many managers does not leave unless it is forced to; nil where enough are left.
    static func reasonToStay(of managers: Int) -> String? {
        let left = managers - 1
        guard left < 2 else { return nil }
        let other = "let another one join first (`swarmd join-token manager`)"
        guard left == 1 else { return "it is the last manager; \(other)" }
        return
            "of 2 managers, a majority of which is 2, it would leave 1, whose loss is the loss of the swarm's state; "
            + "\(other), or demote this one to keep it as a worker (`swarmd node demote self`)"
    }

    /// Why a manager stays, with what else can be done.
    static func refusal(_ reason: String) -> String {
        "This node is a manager and can't leave the swarm now: \(Self.unstopped(reason)). `swarmd leave --force` takes it out all the same; "
            + "without the last manager, or without a majority of them, the swarm's state is lost."
    }

    /// The reason without the full stop that some of them end with.
    private static func unstopped(_ reason: String) -> String {
        reason.hasSuffix(".") ? String(reason.dropLast()) : reason
    }

    /// Ends everything of the node, its tasks too, and forgets it.
    func dissolve(_ running: Running) async throws {
        for part in [running.manager, running.agent].compactMap(\.self) {
            part.stop()
            await part.ended()
        }
        if let identity = running.identity {
            let configuration = self.agentConfiguration(identity, running, keeper: nil)
            let agent = Agent(configuration: configuration, executor: self.executor, log: self.log)
            try await agent.dismissTasks(within: Self.farewell)
        }
        try self.files.forget()
        self.log.notice("this node has left its cluster")
        self.facts.put(.forgotten)
    }

    /// Removes what only a manager has: its log and the keys of it.
    func wipeLog(_ running: Running) throws {
        try self.files.wipeLog()
        try running.identity?.keys.becomeWorker()
    }
}
