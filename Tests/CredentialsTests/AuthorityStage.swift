import Credentials
import Foundation
import GRPCCore
import LinuxSystem
import Logging
import ManagerNode
import NIOCore
import NIOPosix
import Primitives
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Trust

/// A manager that does nothing but let nodes in, as a test wants it to.
final class AuthorityStage: Sendable {
    static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What the manager does and saw.
    struct State {
        var token = ""
        var role = NodeName.Role.worker
        /// What it says that its root is, if not the truth.
        var shownRoot: String?
        var failure: RPCError?
        /// What it answers who looks at the status, if not the status.
        var pending: RPCError?
        var state = SwarmIssuanceStatus.State.issued
        /// Whether it gives the certificate of another request than it got.
        var confusesRequests = false
        var unlockKey: [UInt8] = []
        var requests: [SwarmIssueNodeCertificateRequest] = []
        /// Who asked for certificates, by the name in their own.
        var callers: [PeerIdentity.Caller] = []
        fileprivate var nodes: [String: (csr: String, role: NodeName.Role)] = [:]
    }

    let authority: TestAuthority
    let state = Mutex(State())

    init() throws {
        self.authority = try TestAuthority(at: Self.now)
        var dice = SystemRandomNumberGenerator()
        let token = JoinToken(rootCA: Array(try self.authority.root.pem.utf8), using: &dice)
        self.state.withLock { $0.token = token.text }
    }

    /// Another manager of the cluster of `other`.
    init(beside other: AuthorityStage) {
        self.authority = other.authority
        let token = other.state.withLock { $0.token }
        self.state.withLock { $0.token = token }
    }

    /// The token that opens the door.
    var token: JoinToken { get throws { try JoinToken(parsing: self.state.withLock { $0.token }) } }

    /// The real present, which those go by who have no clock of their own.
    static let now = SystemClock().now

    /// Serves while `body` runs with the address.
    func serve<Result: Sendable>(
        _ body: @escaping @Sendable (ServerAddress) async throws -> Result
    ) async throws -> Result {
        let name = NodeName(cluster: "c1", role: .manager, node: "m1")
        let credentials = try NodeCredentials(self.authority.material(name, at: Self.now), log: Self.log) {
            Self.now
        }
        let listener = try TCPListener(
            address: "127.0.0.1:0",
            security: TLSSecurity(credentials, log: Self.log),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton
        )
        let server = APIServer(
            listener: listener,
            services: [RootService(stage: self), NodeService(stage: self)],
            log: Self.log
        )
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run(onReady: { bound.yield($0.port ?? 0) })
                return nil
            }
            group.addTask {
                for await port in ports {
                    return try await body(ServerAddress(host: "127.0.0.1", port: port))
                }
                return nil
            }
            guard let result = try await group.next() ?? nil else { throw CancellationError() }
            return result
        }
    }

    fileprivate func issue(
        _ request: SwarmIssueNodeCertificateRequest,
        for caller: PeerIdentity
    ) throws -> SwarmIssueNodeCertificateResponse {
        try self.state.withLock { state in
            state.requests.append(request)
            state.callers.append(caller.caller)
            if let failure = state.failure { throw failure }
            guard caller.nodeID != nil || request.token == state.token else {
                throw RPCError(
                    code: .invalidArgument,
                    message: "A valid join token is necessary to join this cluster"
                )
            }
            let id = caller.nodeID ?? "node\(state.nodes.count + 1)"
            state.nodes[id] = (String(decoding: request.csr, as: UTF8.self), state.role)
            return .with { $0.nodeID = id }
        }
    }

    fileprivate func status(_ id: String) throws -> SwarmNodeCertificateStatusResponse {
        try self.state.withLock { state in
            guard let node = state.nodes[id] else {
                throw RPCError(code: .notFound, message: "node not found")
            }
            if let pending = state.pending { throw pending }
            let csr = state.confusesRequests ? try SigningRequest().pem : node.csr
            let leaf = try self.authority.root.sign(
                CertificateRequest(pem: csr),
                as: NodeName(cluster: "c1", role: node.role, node: id),
                at: Self.now
            )
            return try .with {
                $0.status.state = state.state
                $0.status.err = state.state == .failed ? "not wanted" : ""
                $0.certificate.csr = .init(csr.utf8)
                $0.certificate.certificate = .init(try leaf.text.utf8)
            }
        }
    }
}

private struct RootService: SwarmCA.SimpleServiceProtocol {
    let stage: AuthorityStage

    func getRootCACertificate(
        request: SwarmGetRootCACertificateRequest,
        context: ServerContext
    ) async throws -> SwarmGetRootCACertificateResponse {
        let text = try self.stage.state.withLock { try $0.shownRoot ?? self.stage.authority.root.pem }
        return .with { $0.certificate = .init(text.utf8) }
    }

    func getUnlockKey(
        request: SwarmGetUnlockKeyRequest,
        context: ServerContext
    ) async throws -> SwarmGetUnlockKeyResponse {
        let key = self.stage.state.withLock { $0.unlockKey }
        return .with {
            $0.unlockKey = .init(key)
            $0.version.index = 7
        }
    }
}

private struct NodeService: SwarmNodeCA.SimpleServiceProtocol {
    let stage: AuthorityStage

    func issueNodeCertificate(
        request: SwarmIssueNodeCertificateRequest,
        context: ServerContext
    ) async throws -> SwarmIssueNodeCertificateResponse {
        try self.stage.issue(request, for: context.peer)
    }

    func nodeCertificateStatus(
        request: SwarmNodeCertificateStatusRequest,
        context: ServerContext
    ) async throws -> SwarmNodeCertificateStatusResponse {
        try self.stage.status(request.nodeID)
    }
}
