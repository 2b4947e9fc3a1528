package import GRPCCore
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
}

extension ServerContext {
    /// Who makes this call.
    package var peer: PeerIdentity {
        self.transportSpecific as? PeerIdentity ?? PeerIdentity(nodeID: nil, host: nil)
    }
}

/// Puts the caller's identity where handlers look for it.
package struct IdentityInterceptor: ServerInterceptor {
    package init() {}

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws
            -> StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        var context = context
        let named = request.metadata[stringValues: PeerIdentity.metadataKey].first { _ in true }
        context.transportSpecific = PeerIdentity(nodeID: named, host: Self.host(of: context.remotePeer))
        return try await next(request, context)
    }

    /// The address in gRPC's "ipv4:127.0.0.1:1234" or "ipv6:[::1]:1234"; nil for a unix socket.
    static func host(of peer: String) -> String? {
        guard peer.hasPrefix("ipv4:") || peer.hasPrefix("ipv6:") else { return nil }
        let address = peer.dropFirst(5)
        guard let colon = address.lastIndex(of: ":") else { return nil }
        return String(address[..<colon].filter { $0 != "[" && $0 != "]" })
    }
}
