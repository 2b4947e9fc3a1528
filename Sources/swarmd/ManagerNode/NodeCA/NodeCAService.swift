package import GRPCCore
package import Primitives
package import ReplicatedStore
import Replication
import StoreCore
package import SwarmAPI
import SwarmRPC
import Synchronization

/// Admits nodes to the cluster (SwarmKit `ca/server.go`).
///
/// As long as there are no certificates a node gets its identifier only: the certificate request may be
/// empty, and a caller that names itself is believed. The objects and the answers have their final form.
package final class NodeCAService: SwarmNodeCA.SimpleServiceProtocol {
    /// How many commits a caller that waits for its certificate may lag behind.
    private static let watchedCommits = 1_000

    private let store: ReplicatedStore
    private let makeID: @Sendable () -> String
    private let now: @Sendable () -> Timestamp
    private let leader: @Sendable () -> String?
    private let rate = Mutex(
        RateLimit(perSecond: NodeAdmission.nodesPerSecond, capacity: NodeAdmission.nodesAtOnce)
    )

    /// `makeID` draws identifiers of nodes; `leader` says where the leader listens, if that is known.
    package init(
        store: ReplicatedStore,
        makeID: @escaping @Sendable () -> String,
        now: @escaping @Sendable () -> Timestamp,
        leader: @escaping @Sendable () -> String? = { nil }
    ) {
        self.store = store
        self.makeID = makeID
        self.now = now
        self.leader = leader
    }

    package func issueNodeCertificate(
        request: SwarmIssueNodeCertificateRequest,
        context: ServerContext
    ) async throws -> SwarmIssueNodeCertificateResponse {
        guard request.csr.count <= NodeAdmission.csrBytes else {
            throw RPCError(
                code: .invalidArgument,
                message: "csr: \(request.csr.count) bytes, at most \(NodeAdmission.csrBytes) are accepted"
            )
        }
        if case .UNRECOGNIZED(let number) = request.availability {
            throw RPCError(code: .invalidArgument, message: "availability: unknown value \(number)")
        }
        let state = try await RPCError.onWire { try await self.store.linearizable().state }
        if let id = context.peer.nodeID { return try Self.renew(state.nodes[id], id: id) }
        try Self.checkToken(request.token, on: state)
        guard self.rate.withLock({ $0.admit(now: self.now()) }) else {
            throw RPCError(code: .resourceExhausted, message: "too many nodes join at once: try again")
        }
        let node = NodeAdmission.node(id: self.makeID(), csr: request)
        do { try await self.store.update { try $0.create(node) } } catch let error as ProposalError {
            guard error == .notLeader, let leader = self.leader() else { throw RPCError(error) }
            throw KnownError.notLeader(leader: leader)
        }
        return Self.response(node)
    }

    package func nodeCertificateStatus(
        request: SwarmNodeCertificateStatusRequest,
        context: ServerContext
    ) async throws -> SwarmNodeCertificateStatusResponse {
        guard !request.nodeID.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "node_id: must not be empty")
        }
        let store = self.store
        return try await context.whileConnected {
            let watch = await store.watch(limit: Self.watchedCommits)
            if let answer = try Self.status(of: watch.state.nodes[request.nodeID]) { return answer }
            for await commit in watch.commits {
                if let answer = try Self.status(of: commit.state.nodes[request.nodeID]) { return answer }
            }
            throw RPCError(code: .unavailable, message: "lost sight of the node: ask again")
        }
    }

    /// A node that has an identity keeps its identifier.
    private static func renew(_ node: SwarmNode?, id: String) throws -> SwarmIssueNodeCertificateResponse {
        guard let node else {
            throw RPCError(
                code: .notFound,
                message: "node \(id) not found when attempting to renew certificate"
            )
        }
        return Self.response(node)
    }

    private static func checkToken(_ token: String, on state: StoreState) throws {
        switch NodeAdmission.judge(token, by: state.clusters.all.first) {
        case .worker: return
        case .manager:
            throw RPCError(
                code: .unimplemented,
                message: "token: this cluster cannot admit managers yet; join with the worker token"
            )
        case .wrong:
            throw RPCError(
                code: .invalidArgument,
                message: "A valid join token is necessary to join this cluster"
            )
        }
    }

    private static func response(_ node: SwarmNode) -> SwarmIssueNodeCertificateResponse {
        var response = SwarmIssueNodeCertificateResponse()
        response.nodeID = node.id
        response.nodeMembership = node.spec.membership
        return response
    }

    /// The answer about a node whose certificate was decided; nil while it is not.
    private static func status(of node: SwarmNode?) throws -> SwarmNodeCertificateStatusResponse? {
        guard let node else { throw RPCError(code: .notFound, message: "node not found") }
        switch node.certificate.status.state {
        case .issued, .failed:
            var response = SwarmNodeCertificateStatusResponse()
            response.status = node.certificate.status
            response.certificate = node.certificate
            return response
        case .unknown, .renew, .pending, .rotate, .UNRECOGNIZED: return nil
        }
    }
}
