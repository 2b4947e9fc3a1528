import Primitives
import SwarmAPI

/// Who may join, and as what object of the store.
enum NodeAdmission {
    /// The largest certificate request; a real one has a few hundred bytes.
    static let csrBytes = 64 << 10
    /// How many nodes may join in one second; a flood of joins must not fill the log.
    static let nodesPerSecond = 100
    /// How many may join at once after a quiet time.
    static let nodesAtOnce = 200

    /// What a join token stands for.
    enum Token: Equatable {
        case worker
        case manager
        case wrong
    }

    /// Compares `token` with the cluster's; any is a worker's as long as the cluster has none.
    static func judge(_ token: String, by cluster: SwarmCluster?) -> Token {
        guard let tokens = cluster?.rootCa.joinTokens, !(tokens.worker.isEmpty && tokens.manager.isEmpty)
        else {
            return .worker
        }
        // Both comparisons are made whatever the first one says: time must not tell.
        let isWorker = Self.isSame(token, tokens.worker)
        let isManager = Self.isSame(token, tokens.manager)
        return isWorker ? .worker : isManager ? .manager : .wrong
    }

    /// The node that joins.
    ///
    /// As long as the cluster has no tokens it is what it asks to be: only this machine can ask.
    static func node(
        id: String,
        csr: SwarmIssueNodeCertificateRequest
    ) -> SwarmNode {
        let role: SwarmNodeRole = csr.role == .manager ? .manager : .worker
        var node = SwarmNode()
        node.id = id
        node.role = role
        node.spec.desiredRole = role
        node.spec.membership = .accepted
        node.spec.availability = csr.availability
        node.status.state = .unknown
        node.certificate.csr = csr.csr
        node.certificate.cn = id
        node.certificate.role = role
        // Nothing is signed yet, so nothing has to be waited for: PENDING would pass within the transaction.
        node.certificate.status.state = .issued
        return node
    }

    /// Whether the texts are the same, in a time that depends on the length of `given` only.
    static func isSame(_ given: String, _ secret: String) -> Bool {
        let secret = Array(secret.utf8)
        guard !secret.isEmpty else { return false }
        var difference = given.utf8.count == secret.count ? UInt8(0) : 1
        for (place, byte) in given.utf8.enumerated() { difference |= byte ^ secret[place % secret.count] }
        return difference == 0
    }
}

/// A bucket of permits that fills at a steady rate.
struct RateLimit: Sendable {
    private let perSecond: Int
    private let capacity: Int
    private var permits: Double
    private var at: Timestamp?

    init(perSecond: Int, capacity: Int) {
        self.perSecond = perSecond
        self.capacity = capacity
        self.permits = Double(capacity)
    }

    /// Takes a permit if there is one.
    mutating func admit(now: Timestamp) -> Bool {
        if let at = self.at, now > at {
            let seconds = Double((now - at).wholeNanoseconds) / 1e9
            self.permits = min(Double(self.capacity), self.permits + seconds * Double(self.perSecond))
        }
        self.at = max(now, self.at ?? now)
        guard self.permits >= 1 else { return false }
        self.permits -= 1
        return true
    }
}
