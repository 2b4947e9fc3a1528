package import GRPCCore
package import ManagerNode
package import NIOCore
import SwarmRPC
import Trust

/// A listener in plaintext that believes what callers say of themselves in metadata.
///
/// The other side of `UncertifiedNode`.
package struct UncertifiedCallers: ListenerSecurity {
    package init() {}

    package func admit(_ channel: any Channel, _ ready: @escaping Ready) -> EventLoopFuture<Void> {
        ready(ConnectedPeer(PeerIdentity(.stranger)))
    }

    package func identify(_ peer: ConnectedPeer, _ metadata: Metadata) -> PeerIdentity {
        PeerIdentity(uncertified: metadata[stringValues: UncertifiedNode.metadataKey].first { _ in true })
    }
}

extension PeerIdentity {
    /// A caller that says to be the node `nodeID`; a stranger if it says nothing.
    package init(uncertified nodeID: String?, host: String? = nil) {
        let name = nodeID.map { NodeName(cluster: "", role: .manager, node: $0) }
        self.init(name.map { .node($0) } ?? .stranger, host: host)
    }
}

extension ManagerSecurity {
    /// What a manager uses that has no certificate yet.
    package static func uncertified(_ nodeID: String) -> Self {
        Self(
            connections: UncertifiedNode(nodeID),
            remote: UncertifiedCallers(),
            local: LocalSecurity(ownNode: nodeID)
        )
    }
}
