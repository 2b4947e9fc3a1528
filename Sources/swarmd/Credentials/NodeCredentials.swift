import FoundationEssentials
package import Logging
import LinuxSystem
package import NIOCore
package import NIOSSL
package import Primitives
package import SwarmAPI
package import SwarmRPC
import Synchronization
package import Trust

/// A node's certificate, key and trust root: what it shows to others and what it expects of them.
///
/// They change while connections live: new connections use what there is then, old ones go on.
package final class NodeCredentials: ConnectionSecurity, Sendable {
    /// What belongs to one certificate.
    private struct Generation: Sendable {
        let material: Material
        let contexts: TLSContexts
        let verifier: PeerVerifier
        let info: SwarmNodeTLSInfo

        init(_ material: Material) throws {
            self.material = material
            self.contexts = try TLSContexts(chain: material.chainPEM, key: material.keyPEM)
            self.verifier = PeerVerifier(material.root)
            self.info = try IssuerInfo.of(material)
        }
    }

    private struct State {
        var generation: Generation
        var watchers: [Int: AsyncStream<NodeName>.Continuation] = [:]
        var lastWatcher = 0
    }

    /// The clock by which certificates end.
    package let now: @Sendable () -> Timestamp
    private let log: Logger
    private let state: Mutex<State>

    /// Throws where TLS can't use `material`; `now` is the machine's clock unless a test drives it.
    package init(
        _ material: Material,
        log: Logger,
        now: @escaping @Sendable () -> Timestamp = { SystemClock().now }
    ) throws {
        self.state = Mutex(State(generation: try Generation(material)))
        self.log = log
        self.now = now
    }

    private var generation: Generation { self.state.withLock { $0.generation } }

    /// Who the node is at present.
    package var name: NodeName { self.generation.material.name }

    /// What is used at present.
    package var material: Material { self.generation.material }

    /// What the node tells managers of its certificate.
    package var tlsInfo: SwarmNodeTLSInfo { self.generation.info }

    // MARK: Change

    /// Uses `material` from now on; throws, and goes on with what there was, where TLS can't.
    package func replace(_ material: Material) throws {
        let next = try Generation(material)
        let watchers = self.state.withLock { state in
            state.generation = next
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield(material.name) }
        self.log.notice(
            "this node has a new certificate",
            metadata: [
                "role": "\(material.name.role.rawValue)",
                "until": "\(Self.text(material.notAfter))",
            ]
        )
    }

    /// A moment for the log, as RFC 3339 has it.
    static func text(_ moment: Timestamp) -> String {
        let seconds = moment.nanoseconds / 1_000_000_000
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    /// Measures others by `root` from now on.
    package func trust(_ root: RootBundle) throws {
        var material = self.material
        guard material.root != root else { return }
        material.root = root
        try self.replace(material)
    }

    /// Who the node is: at once, and after each change of its certificate or its root; of several only the last.
    package func changes() -> AsyncStream<NodeName> {
        let (changes, continuation) = AsyncStream.makeStream(
            of: NodeName.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = self.state.withLock { state in
            state.lastWatcher += 1
            state.watchers[state.lastWatcher] = continuation
            continuation.yield(state.generation.material.name)
            return state.lastWatcher
        }
        continuation.onTermination = { _ in self.state.withLock { _ = $0.watchers.removeValue(forKey: id) } }
        return changes
    }

    // MARK: Connections

    package func secure(_ channel: any Channel, to name: ServerName) -> EventLoopFuture<Void> {
        ServerCheck.add(to: channel, self.generation.contexts.client, name) {
            presented throws(PeerFault) in
            try await self.generation.verifier.server(presented, is: name, at: self.now())
        }
    }

    /// Encrypts a connection that was accepted; `verification` gets what the caller shows, if it shows something.
    ///
    /// TLS 1.2 at least, and HTTP/2. A certificate that is not to be believed fails the handshake.
    package func serverHandler(
        _ verification: PeerVerification = PeerVerification()
    ) throws -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: self.generation.contexts.server) { presented, promise in
            promise.completeWithTask {
                do throws(PeerFault) {
                    let peer = try await self.generation.verifier.caller(
                        ServerCheck.bytes(of: presented),
                        at: self.now()
                    )
                    verification.note(.success(peer))
                    return .certificateVerified
                } catch {
                    verification.note(.failure(error))
                    return .failed
                }
            }
        }
    }

    /// Encrypts a connection to the local socket, whose callers need no certificate.
    package func localServerHandler() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: self.generation.contexts.localServer)
    }
}
