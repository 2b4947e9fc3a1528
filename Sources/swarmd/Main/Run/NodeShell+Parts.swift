import Credentials
import Logging
import ManagerNode
import LinuxSystem
import Primitives
import Replication
import SwarmAPI
import SwarmRPC
import Trust
import WorkerNode

/// The parts of a node: the agent, which always runs, and the manager.
extension NodeShell {
    /// How long whoever asked for a manager waits for it to take part; it goes on trying after that.
    private static let patience = Duration.seconds(45)

    /// Starts the agent, and what keeps its certificate fresh.
    func startAgent(_ running: inout Running, _ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        guard let identity = running.identity else { return }
        let part = NodePart()
        let keeper = self.keeper(identity, running.managers)
        (running.agent, running.keeper) = (part, keeper)
        let configuration = self.agentConfiguration(identity, running, keeper: keeper)
        let agent = Agent(configuration: configuration, executor: self.executor, log: self.log)
        group.addTask {
            defer { part.end() }
            do {
                try await part.run {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        defer { group.cancelAll() }
                        group.addTask { try await agent.run() }
                        group.addTask { try await keeper.run() }
                        group.addTask { await self.followRole(identity.credentials) }
                        try await group.next()
                    }
                }
            } catch is CancellationError {
                return
            } catch {
                self.facts.put(.agentFailed("\(error)"))
            }
        }
    }

    /// Tells of each certificate after the first: it may give the node another role.
    private func followRole(_ credentials: NodeCredentials) async {
        var isFirst = true
        for await name in credentials.changes() {
            if !isFirst { self.facts.put(.became(name)) }
            isFirst = false
        }
    }

    private func keeper(_ identity: NodeIdentity, _ managers: ManagerList) -> CertificateKeeper {
        let (files, keys) = (self.files.certificates, identity.keys)
        let enrollment = Enrollment(log: self.log)
        return CertificateKeeper(
            identity.credentials,
            managers: { managers.authorities(toBe: $0) },
            save: { [log = self.log] material in
                if material.root != identity.credentials.material.root { try files.saveRoot(material.root) }
                guard material.chainPEM != identity.credentials.material.chainPEM else { return }
                try keys.replaceKey(material.keyPEM) { try files.save(chain: material.chainPEM, key: $0) }
                guard material.name.role == .manager, identity.name.role == .worker else { return }
                // Managers of a cluster with autolock keep nothing in clear.
                let credentials = try NodeCredentials(material, log: log)
                let (unlockKey, version) = try await enrollment.unlockKey(credentials, at: managers.addresses)
                if let unlockKey { _ = try keys.lock(with: unlockKey, version: version) }
            },
            refused: { [facts = self.facts] reason in facts.put(.certificateRefused(Self.dismissal(reason)))
            },
            log: self.log
        )
    }

    /// What operators hear of a node that its cluster does not know any more.
    private static func dismissal(_ reason: String) -> String {
        "Its cluster does not know it any more (\(reason)): `swarmd leave --force` makes it ready for another one."
    }

    func agentConfiguration(
        _ identity: NodeIdentity,
        _ running: Running,
        keeper: CertificateKeeper?
    ) -> AgentConfiguration {
        let (path, managers, node) = (self.files.path, running.managers, identity.name.node)
        var configuration = AgentConfiguration(
            nodeID: node,
            security: identity.credentials,
            managers: managers.addresses,
            stateDirectory: path,
            hostname: self.options.hostname,
            rememberManagers: { list in
                managers.replace(with: list)
                // What else the file holds stays.
                var state = try NodeState.load(from: path) ?? NodeState(nodeID: node)
                state.managers = list
                try state.save(to: path)
            }
        )
        configuration.ownManager = { managers.own }
        configuration.tlsInfo = { identity.credentials.tlsInfo }
        configuration.followTLS = { changed in for await _ in identity.credentials.changes() { changed() } }
        configuration.dismissed = { [facts = self.facts] reason in
            facts.put(.certificateRefused(Self.dismissal(reason)))
        }
        configuration.heard = { message, manager in
            managers.hear(from: manager)
            await keeper?.hear(node: message.hasNode ? message.node : nil, root: Array(message.rootCa))
        }
        return configuration
    }

    /// Starts the manager, which joins the group of the cluster unless it is in one or makes one.
    func startManager(
        _ running: inout Running,
        _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) throws {
        guard let identity = running.identity else { return }
        let part = NodePart()
        running.manager = part
        let addresses = try running.addresses ?? self.addresses()
        running.addresses = addresses
        let entry = EntryNote(report: { [desk = self.desk] in desk.report($0) })
        var configuration = self.managerConfiguration(identity, running, addresses)
        configuration.entering = { entry.hear($0) }
        configuration.entered = { [facts = self.facts] in
            entry.end()
            facts.put(.managerEntered)
        }
        let manager = Manager(
            configuration: configuration,
            clock: SystemClock(),
            steady: SteadyClock(),
            log: self.log
        )
        let (managers, founding) = (running.managers, self.files.founding)
        group.addTask {
            defer { part.end() }
            let end = await self.end(of: manager, part) { address in
                entry.end()
                managers.own = try? ServerAddress(address)
                // The log has the root's key now.
                do { try founding.remove() } catch {
                    self.log.error("the root's key is still on the disk", metadata: ["error": "\(error)"])
                }
                self.facts.put(.managerReady)
            }
            entry.end()
            self.facts.put(.managerEnded(end))
        }
        group.addTask {
            do { try await Task.sleep(for: Self.patience) } catch { return }
            self.facts.put(.managerDelayed(EntryAdvice.delayed(by: entry.last)))
        }
    }

    private func end(
        of manager: Manager,
        _ part: NodePart,
        _ ready: @escaping @Sendable (String) -> Void
    ) async -> NodeLife.ManagerEnd {
        do {
            // A leader hands its office over before it goes.
            try await manager.run(until: { await part.stopRequested() }, onReady: ready)
            return .asked
        } catch is CancellationError {
            return .asked
        } catch LogError.removed {
            return .removed
        } catch let error as LogError {
            return .failed(LogAdvice.failure(error).description)
        } catch {
            return .failed("\(error)")
        }
    }

    private func managerConfiguration(
        _ identity: NodeIdentity,
        _ running: Running,
        _ addresses: NodeAddresses
    ) -> ManagerConfiguration {
        let known = running.managers.addresses.map(\.description)
        var configuration = ManagerConfiguration(
            nodeID: identity.name.node,
            security: ManagerSecurity(identity.credentials, log: self.log),
            hostname: self.options.hostname,
            version: Version.text,
            stateDirectory: self.files.path,
            board: self.socket.board,
            listenAddress: addresses.listen,
            advertiseAddress: addresses.advertise,
            availability: running.availability,
            joining: running.founding == nil ? known : []
        )
        configuration.knownManagers = known
        configuration.founding = running.founding
        configuration.audit = self.audit
        configuration.executor = self.socket.executor
        let keeper = running.keeper
        configuration.keys = ManagerKeys(store: identity.keys) { keeper?.demand() }
        return configuration
    }
}
