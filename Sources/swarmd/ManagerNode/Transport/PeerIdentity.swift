package import GRPCCore
import Serving
import SwarmRPC

/// Who makes a call, as far as the transport can tell.
///
/// Until certificates arrive a caller on the loopback listener says so itself, in metadata; handlers only
/// ever see this value, so that a certificate's subject can take its place without touching them.
package struct PeerIdentity: ServerContext.TransportSpecific, Sendable, Equatable {
    /// The metadata key by which a node names itself on the loopback listener.
    package static let metadataKey = NodeIdentityInterceptor.metadataKey

    /// The caller's node id; nil for a caller that is no node yet.
    package var nodeID: String?
    /// The caller's network address without port, where it has one.
    package var host: String?

    package init(nodeID: String?, host: String?) {
        self.nodeID = nodeID
        self.host = host
    }

    /// Who calls with `metadata` over a connection with `ends`.
    init(_ metadata: Metadata, _ ends: CallEnds) {
        self.init(nodeID: metadata[stringValues: Self.metadataKey].first { _ in true }, host: ends.host)
    }
}

extension ServerContext {
    /// Who makes this call.
    package var peer: PeerIdentity {
        self.transportSpecific as? PeerIdentity ?? PeerIdentity(nodeID: nil, host: nil)
    }
}
