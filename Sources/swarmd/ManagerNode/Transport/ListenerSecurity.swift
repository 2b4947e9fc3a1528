package import GRPCCore
package import NIOCore

/// How a listener finds out who connects.
package protocol ListenerSecurity: Sendable {
    /// Prepares a connection for calls once it is known who is at its other end, on the connection's loop.
    typealias Ready = @Sendable (ConnectedPeer) -> EventLoopFuture<Void>

    /// Puts what is needed for that into the pipeline of `channel`, which was just accepted, and has `ready` do the
    /// rest when it is time; what fails is closed.
    func admit(_ channel: any Channel, _ ready: @escaping Ready) -> EventLoopFuture<Void>

    /// Who makes a call with `metadata` over the connection of `peer`.
    func identify(_ peer: ConnectedPeer, _ metadata: Metadata) -> PeerIdentity
}
