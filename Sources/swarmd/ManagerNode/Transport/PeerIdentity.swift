package import GRPCCore
package import Trust

/// Who makes a call, as far as the transport can tell.
package struct PeerIdentity: ServerContext.TransportSpecific, Sendable, Equatable {
    /// What the caller showed.
    package enum Caller: Sendable, Equatable {
        /// No certificate.
        case stranger
        /// A certificate that the cluster's root vouches for.
        case node(NodeName)
        /// The same, but for its end: good for a new certificate and for nothing else.
        case expired(NodeName)
        /// That it may open the local socket.
        case local(LocalCaller)
    }

    /// The process at the other end of the local socket, as the kernel knows it.
    package struct LocalCaller: Sendable, Equatable {
        package var uid: UInt32
        package var gid: UInt32
        package var pid: UInt32

        package init(uid: UInt32, gid: UInt32, pid: UInt32) {
            self.uid = uid
            self.gid = gid
            self.pid = pid
        }
    }

    /// What the caller showed.
    package var caller: Caller
    /// Which certificate it was, as `ExpiredRenewal` writes it; nil for who showed none.
    package var fingerprint: String?
    /// The caller's network address without port, where it has one.
    package var host: String?
    /// The manager that passed the call on; nil for a call that came directly.
    package var forwarder: String?
    /// The node whose local socket it came by.
    package var ownNode: String?

    package init(
        _ caller: Caller,
        host: String? = nil,
        forwarder: String? = nil,
        ownNode: String? = nil,
        fingerprint: String? = nil
    ) {
        self.fingerprint = fingerprint
        self.caller = caller
        self.host = host
        self.forwarder = forwarder
        self.ownNode = ownNode
    }

    /// The node that calls: the certificate's, or the own one for a caller on the local socket; nil for a stranger.
    package var nodeID: String? {
        switch self.caller {
        case .stranger: nil
        case .node(let name), .expired(let name): name.node
        case .local: self.ownNode
        }
    }
}

extension ServerContext {
    /// Who makes this call.
    package var peer: PeerIdentity { self.transportSpecific as? PeerIdentity ?? PeerIdentity(.stranger) }
}
