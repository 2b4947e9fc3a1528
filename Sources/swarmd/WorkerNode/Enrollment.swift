import GRPCCore
package import Logging
import Primitives
package import SwarmAPI
package import SwarmRPC
import SwiftProtobuf
import Synchronization

/// Makes this machine a node of a cluster (SwarmKit `ca/certificates.go`, `GetRemoteSignedCertificate`).
///
/// For now the manager answers an empty signing request with a node id; certificates come by the same calls.
package struct Enrollment: Sendable {
    /// How long enrollment may take as a whole.
    package static let deadline: Duration = .seconds(30)
    /// How long one look at the certificate's status may take; managers hold the call until it changes.
    private static let statusDeadline: Duration = .seconds(5)
    /// How often a call goes to the leader that an answer names, since it may change meanwhile.
    private static let redirections = 3

    private let security: any ConnectionSecurity
    private let log: Logger
    private let clock: WorkerClock

    /// Calls managers over connections with `security`, which is a stranger's.
    package init(security: any ConnectionSecurity, log: Logger) {
        self.init(security: security, log: log, clock: .system)
    }

    init(security: any ConnectionSecurity, log: Logger, clock: WorkerClock) {
        self.security = security
        self.log = log
        self.clock = clock
    }

    /// What enrolling gave.
    package struct Enrolled: Sendable, Equatable {
        /// This node's identifier.
        package let nodeID: String
        /// The manager that admitted it: the one that was asked, or the leader that this one named.
        package let manager: ServerAddress
    }

    /// Enrolls at the manager at `address`, or at the leader that it names.
    ///
    /// As long as there are no tokens to tell it by, `role` says what the node is to be.
    /// Throws an `EnrollmentError`, or `ServerAddressError` for an address that can't be one.
    package func enroll(
        at address: String,
        token: String,
        role: SwarmNodeRole = .worker,
        availability: SwarmNodeSpec.Availability,
        deadline: Duration = Enrollment.deadline
    ) async throws -> Enrolled {
        var address = try ServerAddress(address)
        let end = self.clock.now() + deadline
        let request = SwarmIssueNodeCertificateRequest.with {
            $0.role = role
            $0.token = token
            $0.availability = availability
        }
        let nodeID = try await self.insist(&address, until: end) { authority in
            try await authority.issueNodeCertificate(request, options: ManagerCalls.unary).nodeID
        }
        guard !nodeID.isEmpty else { throw EnrollmentError.refused(address, "it gave no node id") }
        while true {
            let status = try await self.status(of: nodeID, at: &address, until: end)
            switch status.state {
            case .issued: return Enrolled(nodeID: nodeID, manager: address)
            case .failed: throw EnrollmentError.refused(address, status.err)
            case .unknown, .renew, .pending, .rotate, .UNRECOGNIZED:
                guard self.clock.now() < end else { throw EnrollmentError.pending(address) }
                self.log.notice(
                    "waiting for the manager to accept this node",
                    metadata: ["node": "\(nodeID)"]
                )
                try await self.clock.sleep(.seconds(1))
            }
        }
    }

    /// Whether the cluster of the manager at `address` knows the node that has `security`; nil where that can't be
    /// learnt now.
    package func isKnown(_ security: any ConnectionSecurity, at address: ServerAddress) async -> Bool? {
        do {
            _ = try await ManagerConnection.withClient(
                to: address,
                security: security,
                name: .authority,
                within: ManagerCalls.deadline
            ) {
                // What a node asks that has an identity already.
                try await SwarmNodeCA.Client(wrapping: $0)
                    .issueNodeCertificate(.init(), options: ManagerCalls.unary)
            }
            return true
        } catch let error as RPCError where error.code == .notFound {
            return false
        } catch {
            return nil
        }
    }

    private func status(
        of nodeID: String,
        at address: inout ServerAddress,
        until end: Timestamp
    ) async throws -> SwarmIssuanceStatus {
        var options = CallOptions.defaults
        options.timeout = Self.statusDeadline
        return try await self.insist(&address, until: end) { [options] authority in
            let request = SwarmNodeCertificateStatusRequest.with { $0.nodeID = nodeID }
            return try await authority.nodeCertificateStatus(request, options: options).status
        }
    }

    /// Makes a call, and makes it again while the manager can't be reached, until `end`.
    ///
    /// A manager that names the leader is left for it.
    private func insist<Result: Sendable>(
        _ address: inout ServerAddress,
        until end: Timestamp,
        _ call: @escaping @Sendable (SwarmNodeCA.Client<ManagerConnection.Transport>) async throws -> Result
    ) async throws -> Result {
        var backoff = Backoff(base: .milliseconds(200), limit: .seconds(2))
        var dice = SystemRandomNumberGenerator()
        var failures = 0
        var redirections = 0
        while true {
            do {
                return try await ManagerConnection.withClient(
                    to: address,
                    security: self.security,
                    name: .authority,
                    within: ManagerCalls.deadline
                ) { try await call(SwarmNodeCA.Client(wrapping: $0)) }
            } catch let error as RPCError {
                try Task.checkCancellation()
                let leader = LeaderHint.address(in: error).flatMap { try? ServerAddress($0) }
                if let leader, leader != address, redirections < Self.redirections {
                    redirections += 1
                    address = leader
                    continue
                }
                guard Self.isPassing(error.code) else {
                    throw EnrollmentError.refused(address, error.message)
                }
                let pause = backoff.next(using: &dice)
                guard self.clock.now() + pause < end else {
                    throw EnrollmentError.unreachable(address, error.message)
                }
                failures += 1
                // Told once; the last failure is told by the error.
                self.log.log(
                    level: failures == 1 ? .notice : .debug,
                    "the manager can't be reached yet; trying on",
                    metadata: ["manager": "\(address)", "error": "\(error)", "attempts": "\(failures)"]
                )
                try await self.clock.sleep(pause)
            }
        }
    }

    private static func isPassing(_ code: RPCError.Code) -> Bool {
        [.unavailable, .deadlineExceeded, .aborted, .cancelled].contains(code)
    }
}

/// Why this machine did not become a node.
package enum EnrollmentError: Error, CustomStringConvertible {
    case unreachable(ServerAddress, String)
    case refused(ServerAddress, String)
    case pending(ServerAddress)

    /// One line for the operator.
    package var description: String {
        switch self {
        case .unreachable(let address, let reason): "the manager at \(address) can't be reached: \(reason)"
        case .refused(let address, let reason): "the manager at \(address) refused this node: \(reason)"
        case .pending(let address): "the manager at \(address) did not accept this node in time"
        }
    }
}
