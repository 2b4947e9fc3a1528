import FoundationEssentials
import StoreCore
import SwarmAPI
import Trust

/// Who may join, and as what object of the store (SwarmKit `ca/server.go`, `IssueNodeCertificate`).
enum NodeAdmission {
    /// The role that `token` stands for in `cluster`; nil for a token that lets nobody in.
    static func role(_ token: String, in cluster: SwarmCluster?) -> SwarmNodeRole? {
        guard let tokens = cluster?.rootCa.joinTokens else { return nil }
        // Both comparisons are made whatever the first one says: time must not tell.
        let isManager = JoinToken.matches(token, tokens.manager)
        let isWorker = JoinToken.matches(token, tokens.worker)
        return isManager ? .manager : isWorker ? .worker : nil
    }

    /// The node that joins; the signer gives it its certificate.
    static func node(
        id: String,
        role: SwarmNodeRole,
        _ request: SwarmIssueNodeCertificateRequest,
        port: UInt32
    ) -> SwarmNode {
        var node = SwarmNode()
        node.id = id
        node.role = role
        node.spec.desiredRole = role
        node.spec.membership = .accepted
        node.spec.availability = request.availability
        node.vxlanudpport = port
        node.certificate = Self.request(request.csr, of: node, .pending)
        return node
    }

    /// The node that wants another certificate.
    ///
    /// The last one stays with it until the next is signed: it is what an expired node must show (P-05).
    static func renewing(_ node: SwarmNode, _ csr: Data) -> SwarmNode {
        var node = node
        let last = node.certificate.certificate
        node.certificate = Self.request(csr, of: node, .renew)
        node.certificate.certificate = last
        return node
    }

    /// Whether the node waits for the certificate that `csr` asks for already: a call may come twice.
    static func isAsking(_ node: SwarmNode, for csr: Data) -> Bool {
        node.certificate.csr == csr && SigningQueue.wants(node)
    }

    private static func request(
        _ csr: Data,
        of node: SwarmNode,
        _ state: SwarmIssuanceStatus.State
    ) -> SwarmCertificate {
        var certificate = SwarmCertificate()
        certificate.csr = csr
        certificate.cn = node.id
        certificate.role = node.role
        certificate.status.state = state
        return certificate
    }
}
