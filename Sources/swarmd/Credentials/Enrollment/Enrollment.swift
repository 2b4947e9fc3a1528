import FoundationEssentials
import GRPCCore
import LinuxSystem
package import Logging
package import Primitives
package import SwarmAPI
package import SwarmRPC
import SwiftProtobuf
package import Trust

/// Makes this machine a node of a cluster, and gives a node a new certificate (SwarmKit `ca/certificates.go`,
/// `GetRemoteCA` and `GetRemoteSignedCertificate`).
package struct Enrollment: Sendable {
    /// How long getting a certificate may take as a whole.
    package static let deadline = Duration.seconds(30)
    /// How long one call may take, and a connection; the look at the status is held by managers until it changes.
    private static let callDeadline = Duration.seconds(5)
    /// How often a call goes to the leader that an answer names, since it may change meanwhile.
    private static let redirections = 3
    /// How SwarmKit's managers refuse a token.
    private static let tokenRefusal = "A valid join token is necessary"
    /// The largest root certificate bundle that is taken.
    private static let rootBytes = 1 << 20

    private let log: Logger
    private let clock: any WallClock
    private let progress: @Sendable (String) -> Void

    /// `clock` is the one that certificates are measured by; `progress` hears, in one line, what is waited for.
    package init(
        log: Logger,
        clock: any WallClock = SystemClock(),
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.log = log
        self.clock = clock
        self.progress = progress
    }

    /// What getting a certificate gave.
    package struct Enrolled: Sendable {
        package let material: NodeCredentials.Material
        /// The manager that gave it.
        package let manager: ServerAddress
    }

    /// Gets a node's first certificate from one of `managers`, at which `token` must be good.
    ///
    /// The root certificate there is believed if it is the token's, byte for byte. Throws `EnrollmentError`.
    package func enroll(
        at managers: [ServerAddress],
        token: JoinToken,
        availability: SwarmNodeSpec.Availability,
        within deadline: Duration = Self.deadline
    ) async throws -> Enrolled {
        var circle = try AskedManagers(managers)
        let end = self.clock.now + deadline
        let root = try await self.root(&circle, token, until: end)
        let message = SwarmIssueNodeCertificateRequest.with {
            $0.token = token.text
            $0.availability = availability
        }
        let security = AnonymousSecurity(root: root)
        return try await self.obtain(message, root, by: security, name: .authority, &circle, until: end)
    }

    /// Gets another certificate for the node of `credentials`, for a key of its own.
    ///
    /// The old one, even if it ended lately (P-05), proves who asks. Throws `EnrollmentError`.
    package func renew(
        _ credentials: NodeCredentials,
        at managers: [ServerAddress],
        within deadline: Duration = Self.deadline
    ) async throws -> Enrolled {
        var circle = try AskedManagers(managers)
        let end = self.clock.now + deadline
        let root = credentials.material.root
        return try await self.obtain(.init(), root, by: credentials, name: .manager, &circle, until: end)
    }

    /// The root certificate at one of `managers`, unverified.
    package func root(at manager: ServerAddress) async throws -> [UInt8] {
        try await ManagerConnection.withClient(
            to: manager,
            security: AnonymousSecurity(root: nil),
            within: Self.callDeadline
        ) { client in
            let answer = try await SwarmCA.Client(wrapping: client)
                .getRootCACertificate(.init(), options: Self.options)
            return Array(answer.certificate)
        }
    }

    private func root(
        _ circle: inout AskedManagers,
        _ token: JoinToken,
        until end: Timestamp
    ) async throws -> RootBundle {
        let bytes = try await self.insist(&circle, until: end) { try await self.root(at: $0) }
        guard token.trusts(bytes) else { throw EnrollmentError.foreignRoot(circle.present) }
        guard bytes.count <= Self.rootBytes else {
            throw EnrollmentError.refused(circle.present, "its root certificate has \(bytes.count) bytes")
        }
        do { return try RootBundle(pem: String(decoding: bytes, as: UTF8.self)) } catch {
            throw EnrollmentError.refused(circle.present, "\(error)")
        }
    }

    /// Has a request of ours signed and looks at the certificate.
    private func obtain(
        _ message: SwarmIssueNodeCertificateRequest,
        _ root: RootBundle,
        by security: any ConnectionSecurity,
        name: ServerName,
        _ circle: inout AskedManagers,
        until end: Timestamp
    ) async throws -> Enrolled {
        let request = try SigningRequest()
        var message = message
        message.csr = .init(request.pem.utf8)
        let asked = message
        let nodeID = try await self.insist(&circle, until: end) { manager in
            try await Self.withAuthority(manager, security, name) {
                try await $0.issueNodeCertificate(asked, options: Self.options).nodeID
            }
        }
        guard !nodeID.isEmpty else { throw EnrollmentError.refused(circle.present, "it gave no node id") }
        let certificate = try await self.certificate(of: nodeID, by: security, name, &circle, until: end)
        guard certificate.csr == message.csr else { throw EnrollmentError.foreignRequest(circle.present) }
        let chain = String(decoding: certificate.certificate, as: UTF8.self)
        let material: NodeCredentials.Material
        do {
            material = try NodeCredentials.Material(root: root, chainPEM: chain, keyPEM: request.keyPEM)
            try await material.verify(at: self.clock.now)
        } catch { throw EnrollmentError.unusable("\(error)") }
        guard material.name.node == nodeID else {
            throw EnrollmentError.unusable("it names the node \(material.name.node), and this is \(nodeID)")
        }
        return Enrolled(material: material, manager: circle.present)
    }

    /// Waits until the authority has decided.
    private func certificate(
        of nodeID: String,
        by security: any ConnectionSecurity,
        _ name: ServerName,
        _ circle: inout AskedManagers,
        until end: Timestamp
    ) async throws -> SwarmCertificate {
        var backoff = Backoff(base: .milliseconds(100), limit: .seconds(2))
        var dice = SystemRandomNumberGenerator()
        var (reason, wait) = ("", Self.unsigned(""))
        while true {
            let answer: SwarmNodeCertificateStatusResponse
            do {
                answer = try await self.insist(&circle, waiting: wait, until: end) { manager in
                    try await Self.status(of: nodeID, at: manager, by: security, name)
                }
            } catch EnrollmentError.unreachable(let manager, _) where !reason.isEmpty {
                // What stood in the way all the time tells more than the end of the last call.
                throw EnrollmentError.pending(manager, reason)
            }
            switch answer.status.state {
            case .issued: return answer.certificate
            case .failed: throw EnrollmentError.refused(circle.present, answer.status.err)
            case .unknown, .renew, .pending, .rotate, .UNRECOGNIZED:
                if answer.status.err != reason, !answer.status.err.isEmpty {
                    reason = answer.status.err
                    self.tellWaiting(for: reason, at: circle.present)
                }
                wait = Self.unsigned(reason)
                self.tell(wait, of: circle.present, until: end)
                guard self.clock.now < end else { throw EnrollmentError.pending(circle.present, reason) }
                try await self.clock.sleep(until: self.clock.now + backoff.next(using: &dice))
            }
        }
    }

    /// What a manager is waited for that has noted the request, and why as far as it says.
    private static func unsigned(_ reason: String) -> String {
        let wait = "it has not signed this node's certificate yet"
        return reason.isEmpty ? wait : "\(wait): \(reason)"
    }

    private func tellWaiting(for reason: String, at manager: ServerAddress) {
        self.log.notice(
            "this node waits for its certificate",
            metadata: ["manager": "\(manager)", "reason": "\(reason)"]
        )
    }

    /// The certificate's status; pending, with the reason, where the manager says that it is not decided yet.
    private static func status(
        of nodeID: String,
        at manager: ServerAddress,
        by security: any ConnectionSecurity,
        _ name: ServerName
    ) async throws -> SwarmNodeCertificateStatusResponse {
        do {
            return try await Self.withAuthority(manager, security, name) {
                try await $0.nodeCertificateStatus(.with { $0.nodeID = nodeID }, options: Self.options)
            }
        } catch let error as RPCError {
            // SwarmKit's managers hold the call until its end.
            guard
                let reason = IssuancePending.reason(in: error) ?? (error.code == .deadlineExceeded ? "" : nil)
            else { throw error }
            return .with {
                $0.status.state = .pending
                $0.status.err = reason
            }
        }
    }
}

// MARK: - Calls

extension Enrollment {
    private typealias Authority = SwarmNodeCA.Client<ManagerConnection.Transport>

    private static var options: CallOptions {
        var options = CallOptions.defaults
        options.timeout = Self.callDeadline
        return options
    }

    private static func withAuthority<Result: Sendable>(
        _ manager: ServerAddress,
        _ security: any ConnectionSecurity,
        _ name: ServerName,
        _ body: @escaping @Sendable (Authority) async throws -> Result
    ) async throws -> Result {
        try await ManagerConnection.withClient(
            to: manager,
            security: security,
            name: name,
            within: Self.callDeadline
        ) { try await body(SwarmNodeCA.Client(wrapping: $0)) }
    }

    /// Makes a call, and makes it again at the next manager while one can't be reached, until `end`.
    ///
    /// A manager that names the leader is left for it. `waiting` says what an answer is waited for.
    private func insist<Result: Sendable>(
        _ circle: inout AskedManagers,
        waiting: String = "no answer yet",
        until end: Timestamp,
        _ call: (ServerAddress) async throws -> Result
    ) async throws -> Result {
        var backoff = Backoff(base: .milliseconds(200), limit: .seconds(2))
        var dice = SystemRandomNumberGenerator()
        var (failures, redirections) = (0, 0)
        self.tell(waiting, of: circle.present, until: end)
        while true {
            do {
                return try await call(circle.present)
            } catch let error as RPCError {
                try Task.checkCancellation()
                let leader = LeaderHint.address(in: error).flatMap { try? ServerAddress($0) }
                if let leader, leader != circle.present, redirections < Self.redirections {
                    redirections += 1
                    circle.turn(to: leader)
                    continue
                }
                try Self.refuse(error, by: circle.present)
                let reason = ConnectionFault.text(of: error)
                if ConnectionFault.isUnresolved(error) {
                    // Asked again the resolver would say the same.
                    guard circle.drop() else { throw EnrollmentError.unreachable(circle.present, reason) }
                    continue
                }
                let pause = backoff.next(using: &dice)
                guard self.clock.now + pause < end else {
                    throw EnrollmentError.unreachable(circle.present, reason)
                }
                self.tell(reason, of: circle.present, until: end)
                failures += 1
                // Told once; the last failure is told by the error.
                self.log.log(
                    level: failures == 1 ? .notice : .debug,
                    "the manager can't be reached yet; trying on",
                    metadata: ["manager": "\(circle.present)", "error": "\(reason)"]
                )
                circle.turn()
                try await self.clock.sleep(until: self.clock.now + pause)
            }
        }
    }

    /// Throws what a refusal means; returns for what may pass.
    private static func refuse(_ error: RPCError, by manager: ServerAddress) throws(EnrollmentError) {
        switch error.code {
        case .unavailable, .deadlineExceeded, .aborted, .cancelled, .resourceExhausted: return
        case .unimplemented: throw .unimplemented(manager, error.message)
        case .invalidArgument where error.message.contains(Self.tokenRefusal): throw .wrongToken(manager)
        case .notFound: throw .unknownNode(manager, error.message)
        case .permissionDenied where error.message.contains("removed from swarm"):
            throw .unknownNode(manager, error.message)
        default: throw .refused(manager, error.message)
        }
    }

    /// Says why `manager` is waited for.
    private func tell(_ reason: String, of manager: ServerAddress, until end: Timestamp) {
        let left = max(0, (end - self.clock.now).components.seconds)
        self.progress("waiting for \(manager): \(reason); giving up in \(left) s")
    }
}

/// The managers to turn to, one after the other.
struct AskedManagers: Sendable {
    private var addresses: [ServerAddress]
    private var index = 0

    /// Throws where there is nobody to turn to.
    init(_ addresses: [ServerAddress]) throws(EnrollmentError) {
        guard !addresses.isEmpty else { throw .noManager }
        self.addresses = addresses
    }

    /// Whose turn it is.
    var present: ServerAddress { self.addresses[self.index] }

    /// Leaves the present one out from now on; false where it is the last.
    mutating func drop() -> Bool {
        guard self.addresses.count > 1 else { return false }
        self.addresses.remove(at: self.index)
        self.index %= self.addresses.count
        return true
    }

    /// Goes on to the next.
    mutating func turn() { self.index = (self.index + 1) % self.addresses.count }

    /// Goes to `address`, in the place of the present one if it is new.
    mutating func turn(to address: ServerAddress) {
        if let known = self.addresses.firstIndex(of: address) {
            self.index = known
        } else {
            self.addresses[self.index] = address
        }
    }
}

extension Enrollment {
    /// The key that managers of the cluster lock their files with, if they do, and the version of the cluster object
    /// that it is of; asked as the manager of `credentials`.
    package func unlockKey(
        _ credentials: NodeCredentials,
        at managers: [ServerAddress]
    ) async throws -> (key: UnlockKey?, version: UInt64) {
        var circle = try AskedManagers(managers)
        let end = self.clock.now + Self.deadline
        do {
            let answer = try await self.insist(&circle, until: end) { manager in
                try await ManagerConnection.withClient(
                    to: manager,
                    security: credentials,
                    name: .authority,
                    within: Self.callDeadline
                ) { try await SwarmCA.Client(wrapping: $0).getUnlockKey(.init(), options: Self.options) }
            }
            return (UnlockKey(bytes: Array(answer.unlockKey)), answer.version.index)
        } catch EnrollmentError.unimplemented {
            // Managers of long ago had none.
            return (nil, 0)
        }
    }
}
