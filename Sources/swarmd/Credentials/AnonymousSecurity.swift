import LinuxSystem
package import NIOCore
import NIOSSL
package import Primitives
package import SwarmRPC

/// Connections of somebody who has no certificate yet.
package struct AnonymousSecurity: ConnectionSecurity {
    private let root: RootBundle?
    private let now: @Sendable () -> Timestamp

    /// Expects of servers what `root` vouches for.
    ///
    /// Without a root any server will do, which is good for asking for the root and nothing else: a join token's
    /// digest then tells whether it is the right one.
    package init(root: RootBundle?, now: @escaping @Sendable () -> Timestamp = { SystemClock().now }) {
        self.root = root
        self.now = now
    }

    package func secure(_ channel: any Channel, to name: ServerName) -> EventLoopFuture<Void> {
        var configuration = TLSContexts.client
        if self.root == nil { configuration.certificateVerification = .none }
        let context: NIOSSLContext
        do { context = try NIOSSLContext(configuration: configuration) } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        let verifier = self.root.map { PeerVerifier($0) }
        let now = self.now
        return ServerCheck.add(to: channel, context, name) { presented throws(PeerFault) in
            try await verifier?.server(presented, is: name, at: now())
        }
    }
}
