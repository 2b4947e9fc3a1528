import Crypto
import FoundationEssentials
import LinuxSystem
import Primitives
import SwarmAPI
import SwiftASN1
import Trust
import X509

/// How far the nodes of a cluster are on the way to a new root certificate.
struct RotationProgress: Sendable, Equatable {
    /// The digest of the root that they go to; nil when they are there.
    let target: String?
    /// How many nodes have to change.
    let nodes: Int
    /// How many of them have their certificate from the new root.
    let renewed: Int
    /// How many of them trust the new root alone.
    let trusting: Int
    /// Those that have not changed.
    let waiting: [LateNode]

    /// Nodes of which nobody waits for a certificate any more do not count.
    init(_ cluster: SwarmCluster, _ nodes: [SwarmNode], at now: Timestamp = SystemClock().now) {
        let nodes = nodes.filter { !UnfinishedJoin.isGivenUp($0, at: now) }
        let isUnderWay = cluster.rootCa.hasRootRotation
        let root = RootKey.root(of: cluster)
        let key = RootKey.of(cluster)
        let late = nodes.filter { Array($0.description_p.tlsInfo.certIssuerPublicKey) != key }
        self.target = isUnderWay ? "sha256:" + Self.hex(SHA256.hash(data: root)) : nil
        self.nodes = nodes.count
        self.renewed = nodes.count - late.count
        self.trusting = nodes.count { $0.description_p.tlsInfo.trustRoot == root }
        self.waiting = LateNode.all(late, among: nodes)
    }

    /// What is told of it, one line for each thing.
    var lines: [String] {
        guard let target = self.target else {
            return ["root rotated: all nodes have certificates of the new root"]
        }
        return [
            "desired root digest: \(target)",
            "  rotated TLS certificates: \(self.renewed)/\(self.nodes) nodes",
            "  rotated CA certificates:  \(self.trusting)/\(self.nodes) nodes",
        ]
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// The key of the root that nodes' certificates should be from: during a rotation the new one's.
enum RootKey {
    /// The root, PEM.
    static func root(of cluster: SwarmCluster) -> Data {
        cluster.rootCa.hasRootRotation ? cluster.rootCa.rootRotation.caCert : cluster.rootCa.caCert
    }

    /// Its key as nodes name it; nil where there is no root that can be read.
    static func of(_ cluster: SwarmCluster) -> [UInt8]? {
        guard
            let certificate = try? Certificate(
                pemEncoded: String(decoding: Self.root(of: cluster), as: UTF8.self)
            ),
            let key = try? certificate.publicKey.serializeAsPEM()
        else { return nil }
        return key.derBytes
    }
}
