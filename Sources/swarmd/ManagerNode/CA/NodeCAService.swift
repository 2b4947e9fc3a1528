import FoundationEssentials
package import GRPCCore
package import Primitives
package import ReplicatedStore
import Serving
import StoreCore
package import SwarmAPI
import SwarmRPC
import Synchronization
package import Trust

/// Admits nodes to the cluster and renews their certificates (SwarmKit `ca/server.go`).
///
/// It only notes what is asked for; the leader's signer answers. A request is kept to the last byte, by which its
/// node knows its certificate again.
package final class NodeCAService: SwarmNodeCA.SimpleServiceProtocol {
    /// How many commits a caller that waits for its certificate may lag behind.
    private static let watchedCommits = 1_000

    private let store: ReplicatedStore
    private let makeID: @Sendable () -> String
    private let clock: any WallClock
    private let limits = Mutex(JoinLimits())
    private let polls = StatusPolls()
    private let refused: @Sendable (Refusal, _ address: String) -> Void

    /// `makeID` draws identifiers of nodes; `refused` hears of callers without a token, with a request that is none,
    /// or with a certificate that ended and does not get them another.
    package init(
        store: ReplicatedStore,
        clock: any WallClock,
        makeID: @escaping @Sendable () -> String,
        refused: @escaping @Sendable (Refusal, _ address: String) -> Void = { _, _ in }
    ) {
        self.store = store
        self.clock = clock
        self.makeID = makeID
        self.refused = refused
    }

    package func issueNodeCertificate(
        request: SwarmIssueNodeCertificateRequest,
        context: ServerContext
    ) async throws -> SwarmIssueNodeCertificateResponse {
        guard !request.csr.isEmpty else { throw RPCError.missing("csr") }
        if case .UNRECOGNIZED(let number) = request.availability {
            throw RPCError.invalid("availability: unknown value \(number)")
        }
        let peer = context.peer
        let address = peer.host ?? ""
        switch peer.caller {
        case .node(let name): return try await self.renew(name.node, request, from: address) { _ in }
        case .expired(let name):
            let now = self.clock.now
            return try await self.renew(name.node, request, from: address) { node in
                do throws(ExpiredRenewal.Refusal) {
                    try ExpiredRenewal.check(peer.fingerprint, of: name, node, at: now)
                } catch { throw self.refusal(.lateRenewal, "\(error)", address, code: .permissionDenied) }
            }
        case .local:
            guard request.token.isEmpty, let node = peer.nodeID else { break }
            return try await self.renew(node, request, from: address) { _ in }
        case .stranger: break
        }
        return try await self.join(request, from: address)
    }

    package func nodeCertificateStatus(
        request: SwarmNodeCertificateStatusRequest,
        context: ServerContext
    ) async throws -> SwarmNodeCertificateStatusResponse {
        guard !request.nodeID.isEmpty else { throw RPCError.missing("node_id") }
        let address = context.peer.host ?? ""
        guard self.polls.begin(address) else {
            throw RPCError(code: .resourceExhausted, message: "too many nodes wait at once: try again")
        }
        defer { self.polls.end(address) }
        let node = request.nodeID
        return try await context.whileConnected { try await self.status(of: node) }
    }

    // MARK: Asking

    /// Notes a new node that shows the right token.
    private func join(
        _ request: SwarmIssueNodeCertificateRequest,
        from address: String
    ) async throws -> SwarmIssueNodeCertificateResponse {
        let state = try await RPCError.onWire { try await self.store.linearizable().state }
        let cluster = state.clusters.all.first
        guard let role = NodeAdmission.role(request.token, in: cluster) else {
            let text = "A valid join token is necessary to join this cluster"
            throw self.refusal(.wrongToken, text, address)
        }
        guard self.limits.withLock({ $0.admitJoin(from: address, now: self.clock.now) }) else {
            throw RPCError(code: .resourceExhausted, message: "too many nodes join at once: try again")
        }
        try self.check(request.csr, from: address)
        guard state.nodes.all.count(where: UnfinishedJoin.isUnseen) < JoinLimits.neverSeen else {
            throw RPCError(
                code: .resourceExhausted,
                message: "\(JoinLimits.neverSeen) nodes have joined and were never seen: remove them first"
            )
        }
        let node = NodeAdmission.node(
            id: self.makeID(),
            role: role,
            request,
            port: cluster?.vxlanudpport ?? 0
        )
        try await RPCError.onWire { try await self.store.update { try $0.create(node) } }
        return Self.response(node)
    }

    /// Notes that a node wants another certificate, if `check` lets it.
    private func renew(
        _ id: String,
        _ request: SwarmIssueNodeCertificateRequest,
        from address: String,
        check: @escaping @Sendable (SwarmNode?) throws -> Void
    ) async throws -> SwarmIssueNodeCertificateResponse {
        guard self.limits.withLock({ $0.admitRenewal(of: id, now: self.clock.now) }) else {
            throw RPCError(code: .resourceExhausted, message: "node \(id) renews too often: try again")
        }
        try self.check(request.csr, from: address)
        return try await RPCError.onWire {
            try await self.store.update { transaction in
                try check(transaction.state.nodes[id])
                guard let node = transaction.state.nodes[id] else {
                    throw RPCError(
                        code: .notFound,
                        message: "node \(id) not found when attempting to renew certificate"
                    )
                }
                if !NodeAdmission.isAsking(node, for: request.csr) {
                    try transaction.update(NodeAdmission.renewing(node, request.csr))
                }
                return Self.response(node)
            }
        }
    }

    /// Refuses what the signer could not sign, before it is stored.
    private func check(_ csr: Data, from address: String) throws {
        do throws(AuthorityError) {
            _ = try CertificateRequest(pem: String(decoding: csr, as: UTF8.self))
        } catch { throw self.refusal(.badRequest, "csr: \(error)", address) }
    }

    /// What the caller at `address` hears, after it was counted.
    private func refusal(
        _ reason: Refusal.Reason,
        _ text: String,
        _ address: String,
        code: RPCError.Code = .invalidArgument
    ) -> RPCError {
        self.refused(Refusal(reason, text), address)
        return RPCError(code: code, message: text)
    }

    private static func response(_ node: SwarmNode) -> SwarmIssueNodeCertificateResponse {
        var response = SwarmIssueNodeCertificateResponse()
        response.nodeID = node.id
        response.nodeMembership = node.spec.membership
        return response
    }

    // MARK: Waiting

    /// The node's certificate once it was decided on.
    private func status(of id: String) async throws -> SwarmNodeCertificateStatusResponse {
        // A caller that gives up first would not hear what it waits for.
        let patience = CallTimeout.rest.map { $0 - StatusPolls.margin } ?? StatusPolls.longest
        let deadline = self.clock.now + min(patience, StatusPolls.longest)
        let watch = await self.store.watch(limit: Self.watchedCommits, of: .nodes)
        if let answer = try Self.status(of: watch.state.nodes[id]) { return answer }
        var reason = watch.state.nodes[id]?.certificate.status.err ?? ""
        while self.clock.now < deadline {
            guard let commits = await watch.commits.take(until: deadline, clock: self.clock) else {
                throw RPCError(code: .unavailable, message: "lost sight of the node: ask again")
            }
            guard let state = commits.last?.state else { continue }
            if let answer = try Self.status(of: state.nodes[id]) { return answer }
            reason = state.nodes[id]?.certificate.status.err ?? ""
        }
        throw IssuancePending.error(reason)
    }

    /// The answer about a node whose certificate was decided; nil while it is not.
    private static func status(of node: SwarmNode?) throws -> SwarmNodeCertificateStatusResponse? {
        guard let node else { throw RPCError(code: .notFound, message: "node not found") }
        switch node.certificate.status.state {
        case .issued, .failed, .rotate:
            var response = SwarmNodeCertificateStatusResponse()
            response.status = node.certificate.status
            response.certificate = node.certificate
            return response
        case .unknown, .renew, .pending, .UNRECOGNIZED: return nil
        }
    }
}
