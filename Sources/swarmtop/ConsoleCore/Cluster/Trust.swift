import Primitives
import SwarmAPI

/// The cluster's certificates, as the manager last told of them.
struct Trust: Sendable, Equatable {
    /// A change of the root that is under way.
    struct Rotation: Sendable, Equatable {
        var target: String
        var nodes: Int
        var done: Int
        /// Why each node that has not changed has not.
        var blockers: [String: String]
    }

    /// The digest of the root that nodes trust.
    var root = ""
    var rootEnds: Timestamp?
    var autolock = false
    var rotation: Rotation?
    var certificates: [String: CertificateRow] = [:]
    /// What was refused, by reason, in the manager's order.
    var refusals: [Refusal] = []
    /// When the manager was seen to count anew; nil while it was not.
    var restarted: Timestamp?

    struct Refusal: Sendable, Equatable {
        var reason: String
        var count: UInt64
    }

    init() {}

    /// Takes in what follows `before` at `now`; counts that fall are those of a manager that started again.
    init(_ status: SwarmdTrustStatus, after before: Trust?, now: Timestamp) {
        self.init(status)
        let counts = Dictionary(self.refusals.map { ($0.reason, $0.count) }) { $1 }
        let hasFallen = before?.refusals.contains { $0.count > counts[$0.reason] ?? 0 } ?? false
        self.restarted = hasFallen ? now : before?.restarted
    }

    init(_ status: SwarmdTrustStatus) {
        self.root = status.rootDigest
        self.rootEnds = status.hasRootNotAfter ? Timestamp(status.rootNotAfter) : nil
        self.autolock = status.autolock
        if status.hasRotation {
            let rotation = status.rotation
            self.rotation = Rotation(
                target: rotation.targetDigest,
                nodes: Int(rotation.nodes),
                done: Int(min(rotation.done, rotation.nodes)),
                blockers: Dictionary(rotation.blockers.map { ($0.nodeID, $0.reason) }) { $1 }
            )
        }
        self.certificates = Dictionary(status.certificates.map { ($0.nodeID, CertificateRow($0)) }) { $1 }
        self.refusals = status.refusals.filter { $0.count > 0 }
            .map { Refusal(reason: $0.reason, count: $0.count) }
    }
}

/// What the console keeps of a node's certificate.
struct CertificateRow: Sendable, Equatable {
    var starts: Timestamp?
    var ends: Timestamp?
    var state: SwarmIssuanceStatus.State
    var error: String
    /// The digest of the root that it comes from, as the node says.
    var issuer: String
    /// That is the root that counts.
    var isCurrent: Bool

    init(_ summary: SwarmdCertificateSummary) {
        self.starts = summary.hasNotBefore ? Timestamp(summary.notBefore) : nil
        self.ends = summary.hasNotAfter ? Timestamp(summary.notAfter) : nil
        self.state = summary.status.state
        self.error = summary.status.err
        self.issuer = summary.issuerDigest
        self.isCurrent = summary.isCurrent
    }

    /// How soon it ends, judged at `now`; nil while its end is not known.
    func expiry(at now: Timestamp) -> Expiry? {
        self.ends.map { Expiry(starts: self.starts, ends: $0, now: now) }
    }

    /// What the authority is doing about it.
    var stateName: String {
        switch self.state {
        case .unknown: "-"
        case .renew: "renewing"
        case .pending: "pending"
        case .issued: "issued"
        case .failed: "FAILED"
        case .rotate: "rotate"
        case .UNRECOGNIZED(let value): "?(\(value))"
        }
    }

    var stateRole: Style.Role {
        switch self.state {
        case .issued: .good
        case .failed: .bad
        case .renew, .pending, .rotate: .moving
        case .unknown, .UNRECOGNIZED: .normal
        }
    }
}
