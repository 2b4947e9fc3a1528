package import GRPCCore
package import NIOCore
package import SwarmRPC

/// Connections in plaintext of a node that has no certificate and names itself on every call.
///
/// Nobody should believe it: only tests use it.
package struct UncertifiedNode: ConnectionSecurity {
    /// The metadata key by which the node names itself.
    package static let metadataKey = "swarmd-node-id"

    private let nodeID: String?

    /// Calls as the node `nodeID`; nil for one that is none yet.
    package init(_ nodeID: String? = nil) { self.nodeID = nodeID }

    package func secure(_ channel: any Channel, to name: ServerName) -> EventLoopFuture<Void> {
        channel.eventLoop.makeSucceededVoidFuture()
    }

    package var metadata: Metadata { self.nodeID.map { [Self.metadataKey: .string($0)] } ?? [:] }
}
