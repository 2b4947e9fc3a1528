import FoundationEssentials
import Logging
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import Trust

/// Has servers of others sign nodes' certificates where they keep the root's key; only on the leader.
///
/// What `CertificateSigner` does where the key is the cluster's own. SwarmKit `ca/server.go`.
struct ExternalSigner: Sendable {
    /// How many commits may wait while servers are asked.
    private static let backlog = 8_192
    /// How many nodes' requests are on the way at once.
    private static let inFlight = 8
    /// How long it waits before it begins again after it lost sight of the store.
    private static let pause = Duration.milliseconds(50)

    /// What became of a node's request.
    private enum Outcome: Sendable {
        case issued(SwarmNode, chain: String)
        case failed(SwarmNode, String)
        case postponed(SwarmNode, String)

        /// Why no server could be asked; nil where one answered.
        var obstacle: String? {
            if case .postponed(_, let reason) = self { reason } else { nil }
        }
    }

    private let store: ReplicatedStore
    private let client: ExternalAuthorityClient
    private let clock: any WallClock
    private let log: Logger

    init(store: ReplicatedStore, client: ExternalAuthorityClient, clock: any WallClock, log: Logger) {
        self.store = store
        self.client = client
        self.clock = clock
        self.log = log
    }

    /// Works until it is cancelled or leadership is lost.
    func run() async throws {
        var standing = ExternalStanding()
        while !Task.isCancelled {
            try await self.follow(&standing)
            try await self.clock.sleep(until: self.clock.now + Self.pause)
        }
    }

    private func follow(_ standing: inout ExternalStanding) async throws {
        let watch = await self.store.watch(limit: Self.backlog, of: [.nodes, .clusters])
        var (queue, current, state) = (SigningQueue(), CurrentAuthority(), watch.state)
        queue.start(on: state, now: self.clock.now)
        repeat {
            var deadline: Timestamp?
            if let cluster = state.clusters.all.first, case .external(let servers) = current.update(cluster) {
                let nodes = queue.take(on: state, now: self.clock.now)
                let outcomes = await self.sign(nodes, servers, NodeSigning(of: cluster, at: self.clock.now))
                self.tell(standing.heard(outcomes.map(\.obstacle)), outcomes.count)
                for outcome in outcomes {
                    if case .postponed(let node, _) = outcome { queue.postpone(node.id, now: self.clock.now) }
                    try await self.note(outcome)
                }
                deadline = queue.deadline
            } else {
                standing = ExternalStanding()
            }
            guard let commits = await watch.commits.take(until: deadline, clock: self.clock) else { return }
            for commit in commits { queue.observe(commit, now: self.clock.now) }
            state = commits.last?.state ?? state
        } while !Task.isCancelled
    }

    private func sign(
        _ nodes: [SwarmNode],
        _ servers: ExternalAuthority,
        _ signing: NodeSigning
    ) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { group in
            var (waiting, outcomes) = (nodes.makeIterator(), [Outcome]())
            for node in nodes.prefix(Self.inFlight) {
                _ = waiting.next()
                group.addTask { await self.sign(node, servers, signing) }
            }
            for await outcome in group {
                outcomes.append(outcome)
                guard let node = waiting.next() else { continue }
                group.addTask { await self.sign(node, servers, signing) }
            }
            return outcomes
        }
    }

    private func sign(
        _ node: SwarmNode,
        _ servers: ExternalAuthority,
        _ signing: NodeSigning
    ) async -> Outcome {
        let csr = String(decoding: node.certificate.csr, as: UTF8.self)
        let name = signing.name(of: node)
        do {
            let leaf = try await self.client.certificate(
                CFSSL.body(signing: csr, as: name),
                from: servers.urls,
                trusting: [servers.root, servers.trusted]
            )
            try ForeignCertificate.check(leaf, csr, as: name, by: servers.root, at: self.clock.now)
            return .issued(node, chain: try leaf.text + servers.intermediates)
        } catch ExternalAuthorityClient.Failure.unreachable(let reason) {
            return .postponed(node, "\(ExternalAuthorityClient.Failure.unreachable(reason))")
        } catch {
            return .failed(node, "\(error)")
        }
    }

    /// Writes the answer, unless the node has asked for something else meanwhile.
    private func note(_ outcome: Outcome) async throws {
        let node: SwarmNode
        let answer: @Sendable (SwarmNode) -> SwarmNode?
        switch outcome {
        case .issued(let asking, let chain):
            node = asking
            answer = { NodeSigning.issued($0, chain) }
        case .failed(let asking, let reason):
            self.log.warning(
                "a certificate was refused",
                metadata: ["node": "\(asking.id)", "reason": "\(reason)"]
            )
            node = asking
            answer = { NodeSigning.failed($0, reason) }
        case .postponed(let asking, let reason):
            self.log.debug(
                "a node waits for its certificate",
                metadata: ["node": "\(asking.id)", "reason": "\(reason)"]
            )
            node = asking
            answer = { NodeSigning.waiting($0, reason) }
        }
        try await self.store.update { transaction in
            guard let present = transaction.state.nodes[node.id], SigningQueue.wants(present),
                present.certificate.csr == node.certificate.csr, present.role == node.role,
                let answered = answer(present)
            else { return }
            try transaction.update(answered)
        }
    }

    /// Tells of a change of how the servers stand; the same is not said for each node.
    private func tell(_ change: ExternalStanding.Change?, _ nodes: Int) {
        switch change {
        case .lost(let reason):
            self.log.warning(
                "nodes wait for their certificates; `swarmd update --no-external-ca` takes external CAs out",
                metadata: ["nodes": "\(nodes)", "reason": "\(reason)"]
            )
        case .found: self.log.notice("an external CA signs certificates again")
        case nil: break
        }
    }
}
