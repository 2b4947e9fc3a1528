import Execution
import Logging
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// What sessions tell of the cluster: its managers, this node, and the session that is open.
final class ManagerCircle: Sendable {
    /// The session that is open.
    struct Opened: Sendable {
        var id: String
        var since: Timestamp
    }

    private struct Contents {
        var remotes: Remotes
        var managers: [NodeState.Manager] = []
        var node: SwarmNode?
        var opened: Opened?
    }

    private let contents: Mutex<Contents>
    private let executor: any Executor
    private let remember: @Sendable ([NodeState.Manager]) async throws -> Void
    private let now: @Sendable () -> Timestamp
    private let log: Logger

    init(
        _ configuration: AgentConfiguration,
        executor: any Executor,
        log: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.contents = Mutex(Contents(remotes: Remotes(configuration.managers)))
        self.executor = executor
        self.remember = configuration.rememberManagers
        self.now = now
        self.log = log
    }

    /// Draws the manager for the next session; `own` is this node's, which may not be known to others yet.
    func pick(own: ServerAddress? = nil, using dice: inout some RandomNumberGenerator) -> ServerAddress? {
        let remotes = self.contents.withLock { contents in
            if let own { contents.remotes.add(own) }
            return contents.remotes
        }
        return remotes.pick(using: &dice)
    }

    /// Notes the end of a session, and returns it if it had been opened.
    func leave(_ address: ServerAddress) -> Opened? {
        self.contents.withLock { contents in
            defer { contents.opened = nil }
            contents.remotes.observe(address, wasOpen: contents.opened != nil)
            return contents.opened
        }
    }

    /// Takes in a session's message: configures the executor, and keeps the list of managers.
    func hear(_ message: SwarmSessionMessage) async {
        let managers = self.managers(in: message)
        let node = message.hasNode ? message.node : nil
        let (areNew, isChanged) = self.contents.withLock { contents in
            if contents.opened?.id != message.sessionID {
                contents.opened = Opened(id: message.sessionID, since: self.now())
            }
            let areNew = !managers.isEmpty && managers != contents.managers
            let isChanged = node != nil && node != contents.node
            if areNew { contents.managers = managers }
            if isChanged { contents.node = node }
            contents.remotes.replace(with: managers.compactMap { try? ServerAddress($0.address) })
            return (areNew, isChanged)
        }
        if areNew { await self.keep(managers) }
        if isChanged, let node { await self.configure(node) }
    }

    /// The managers in the order of their addresses; what can't be used is left out.
    private func managers(in message: SwarmSessionMessage) -> [NodeState.Manager] {
        message.managers.filter(\.hasPeer)
            .map { NodeState.Manager(nodeID: $0.peer.nodeID, address: $0.peer.addr) }
            .filter { manager in
                do {
                    _ = try ServerAddress(manager.address)
                    return true
                } catch {
                    self.log.warning(
                        "the manager named a manager that can't be used",
                        metadata: ["error": "\(error)"]
                    )
                    return false
                }
            }
            .sorted { $0.address < $1.address }
    }

    private func keep(_ managers: [NodeState.Manager]) async {
        do {
            try await self.remember(managers)
        } catch {
            self.log.error("the list of managers can't be kept", metadata: ["error": "\(error)"])
        }
    }

    private func configure(_ node: SwarmNode) async {
        do {
            try await self.executor.configure(node)
        } catch {
            self.log.error(
                "the executor doesn't take the node's configuration",
                metadata: ["error": "\(error)"]
            )
        }
    }
}
