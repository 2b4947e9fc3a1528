import GRPCCore
package import NIOCore

/// The name that the certificate of whoever answers must carry (SwarmKit `ca/config.go`, `ca/certificates.go`).
package enum ServerName: String, Sendable, CaseIterable {
    /// A manager, of whom a node asks what only a node may.
    case manager = "swarm-manager"
    /// A manager, of whom somebody wants a certificate or the key of a lock.
    case authority = "swarm-ca"
}

/// What makes a connection to a manager trustworthy, and shows who calls.
package protocol ConnectionSecurity: Sendable {
    /// Puts what encrypts below HTTP/2's handlers of `channel`, which is about to be used to call the server `name`.
    ///
    /// Where the server turns out to be another one the channel is closed, and the reason passes as an error
    /// through its pipeline.
    func secure(_ channel: any Channel, to name: ServerName) -> EventLoopFuture<Void>

    /// What is put on every call; nothing unless said otherwise.
    var metadata: Metadata { get }
}

extension ConnectionSecurity {
    package var metadata: Metadata { [:] }
}
