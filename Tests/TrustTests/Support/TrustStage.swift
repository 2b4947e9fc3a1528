import FoundationEssentials
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

@testable import Trust

/// The signer, the rotation and the reaper of joins as a leader runs them, with nodes that do as they are told, and a clock set by hand.
struct TrustStage {
    private(set) var state = StoreState()
    private(set) var now = Timestamp(seconds: 1_795_412_011)
    private var signer = CertificateSigner()
    private var rotation = RootRotation()
    private var reaper = JoinReaper()
    private var generator = SeededGenerator(seed: 1)
    private var version: UInt64 = 0
    /// What the reconcilers asked for last.
    private(set) var edits: [StoreEdit] = []

    init() { self.restart() }

    /// Goes on as a new leader would.
    mutating func restart() {
        (self.signer, self.rotation, self.reaper) = (CertificateSigner(), RootRotation(), JoinReaper())
        self.signer.start(on: self.state, now: self.now)
        self.rotation.start(on: self.state, now: self.now)
        self.reaper.start(on: self.state, now: self.now)
    }

    mutating func advance(by duration: Duration) { self.now = self.now + duration }

    /// When the reconcilers want to look again.
    var deadline: Timestamp? {
        [self.signer.deadline, self.rotation.deadline, self.reaper.deadline].compactMap { $0 }.min()
    }

    mutating func commit(_ body: (inout Transaction) throws -> Void) rethrows {
        self.version += 1
        var transaction = Transaction(on: self.state, version: self.version, now: self.now)
        try body(&transaction)
        self.state = transaction.state
        let commit = Commit(index: self.version, changes: transaction.changes, state: self.state)
        self.signer.observe(commit, now: self.now)
        self.rotation.observe(commit, now: self.now)
        self.reaper.observe(commit, now: self.now)
    }

    /// Lets them plan, until none asks for anything.
    mutating func settle() throws {
        for _ in 0..<100 {
            var edits = self.signer.plan(on: self.state, now: self.now, using: &self.generator)
            edits += self.rotation.plan(on: self.state, now: self.now, using: &self.generator)
            edits += self.reaper.plan(on: self.state, now: self.now, using: &self.generator)
            if edits.isEmpty { return }
            self.edits = edits
            self.commit { transaction in transaction.apply(edits) }
        }
        throw Endless()
    }

    struct Endless: Error {}

    var cluster: SwarmCluster { self.state.clusters.all.first ?? SwarmCluster() }

    mutating func changeCluster(_ body: (inout SwarmCluster) throws -> Void) throws {
        var cluster = self.cluster
        try body(&cluster)
        try self.commit { try $0.update(cluster) }
    }

    mutating func change(_ node: String, _ body: (inout SwarmNode) throws -> Void) throws {
        guard var object = self.state.nodes[node] else { return }
        try body(&object)
        try self.commit { try $0.update(object) }
    }

    /// A node that was told to renew sends a request; one that has its certificate says whose it is.
    mutating func answer(_ node: String) throws {
        try self.change(node) { node in
            switch node.certificate.status.state {
            case .rotate: try node.ask()
            case .issued: try node.report()
            default: break
            }
        }
    }
}

extension SwarmNode {
    /// A node that has just joined.
    static func joining(_ id: String, role: SwarmNodeRole = .worker) throws -> SwarmNode {
        try .with {
            $0.id = id
            $0.role = role
            $0.spec.membership = .accepted
            $0.status.state = .ready
            $0.certificate.role = role
            $0.certificate.cn = id
            $0.certificate.csr = Data(try TestRequest.pem().utf8)
            $0.certificate.status.state = .pending
        }
    }

    mutating func ask() throws {
        self.certificate.csr = Data(try TestRequest.pem().utf8)
        self.certificate.status = .with { $0.state = .renew }
    }

    /// Says with its description whose certificate it has.
    ///
    /// The last one's issuer is the first that follows it, or else the root.
    mutating func report(root: Data? = nil) throws {
        let chain = try CertificateBundle.read(self.certificate.certificate, named: "certificate")
        let issuer =
            try chain.dropFirst().first ?? root.map { try CertificateBundle.readOne($0, named: "root") }
        guard let issuer else { return }
        let identity = try CertificateIssuer(issuer)
        self.description_p.tlsInfo.certIssuerSubject = Data(identity.subject)
        self.description_p.tlsInfo.certIssuerPublicKey = Data(identity.publicKey)
    }
}
