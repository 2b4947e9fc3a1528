import Credentials
import FoundationEssentials
import LinuxSystem
import Primitives
import SwarmAPI
import SwiftProtobuf
import Trust
import WorkerNode

/// Makes what a new cluster begins with: its root, its name, and the certificate of its first manager.
struct ClusterFounding: Sendable {
    let files: NodeFiles

    /// The node and its cluster's root; a founding that was cut short goes on with what it has.
    func make(
        _ request: SwarmdInitClusterRequest,
        at now: Timestamp
    ) throws -> (material: NodeCredentials.Material, keys: KeyStore, root: RootAuthority) {
        let root: RootAuthority
        if try self.files.founding.load() != nil {
            root = try self.files.founding.root()
            if let (material, keys, _) = try self.files.identity(unlockKey: nil) {
                return (material, keys, root)
            }
        } else {
            root = try Self.root(request, at: now)
            try self.files.founding.save(request, root)
        }
        var generator = SystemRandomNumberGenerator()
        let material = try Self.certificate(
            of: root,
            cluster: Identifier.make(using: &generator),
            request.spec.caConfig,
            at: now
        )
        let keys = try self.files.keep(material)
        try NodeState(nodeID: material.name.node).save(to: self.files.path)
        return (material, keys, root)
    }

    private static func root(
        _ request: SwarmdInitClusterRequest,
        at now: Timestamp
    ) throws -> RootAuthority {
        guard !request.caCert.isEmpty else { return try RootAuthority(at: now) }
        return try RootAuthority(
            certificate: String(decoding: request.caCert, as: UTF8.self),
            key: String(decoding: request.caKey, as: UTF8.self)
        )
    }

    /// The certificate of a new manager of `cluster`, whose root is `root`.
    static func certificate(
        of root: RootAuthority,
        cluster: String,
        _ config: SwarmCAConfig,
        at now: Timestamp
    ) throws -> NodeCredentials.Material {
        var generator = SystemRandomNumberGenerator()
        let name = NodeName(cluster: cluster, role: .manager, node: Identifier.make(using: &generator))
        let own = try SigningRequest()
        let expiry =
            config.hasNodeCertExpiry
            ? Duration.seconds(config.nodeCertExpiry.seconds) : CertificateLifetime.node
        let leaf = try root.sign(CertificateRequest(pem: own.pem), as: name, at: now, expiry: expiry)
        return try NodeCredentials.Material(
            root: RootBundle(pem: root.pem),
            chainPEM: leaf.text,
            keyPEM: own.keyPEM
        )
    }
}
