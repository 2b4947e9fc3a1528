import Credentials
import GRPCCore
import Logging
import NIOCore
import NIOPosix
import Primitives
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Trust

@testable import ManagerNode

/// A listener with certificates, on loopback, and those who call it.
struct TLSLab: Sendable {
    static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let authority: TestAuthority
    /// The listener's.
    let credentials: NodeCredentials
    let callers = RecordingHealth()
    let refusals = RecordingRefusals()
    /// What both sides take for now.
    let clock = HeldClock()
    let security: TLSSecurity

    init(limits: ConnectionLimits = ConnectionLimits()) throws {
        self.authority = try TestAuthority()
        let clock = self.clock
        self.credentials = try NodeCredentials(self.authority.material(), log: Self.log) { clock.now }
        let refusals = self.refusals
        self.security = TLSSecurity(self.credentials, limits: limits, log: Self.log) { refusals.add($0) }
    }

    /// Runs `body` with the port of the listener.
    func serve(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let listener = try TCPListener(
            address: "127.0.0.1:0",
            security: self.security,
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup
        )
        let server = APIServer(listener: listener, services: [self.callers], log: Self.log)
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await server.run(onReady: { bound.yield($0.port ?? 0) }) }
            group.addTask { for await port in ports { return try await body(port) } }
            try await group.next()
        }
    }

    /// The credentials of a node whose certificate is made as `make` says.
    func node(
        _ make: (TestAuthority) throws -> NodeCredentials.Material
    ) throws -> NodeCredentials {
        let clock = self.clock
        return try NodeCredentials(make(self.authority), log: Self.log) { clock.now }
    }

    /// Someone without a certificate who trusts the cluster's root.
    var anonymous: AnonymousSecurity {
        get throws {
            let clock = self.clock
            return AnonymousSecurity(root: try self.authority.bundle) { clock.now }
        }
    }

    /// Calls once, and returns who the listener took the caller for.
    func call(
        _ port: Int,
        _ security: any ConnectionSecurity,
        name: ServerName = .manager
    ) async throws -> PeerIdentity? {
        try await self.withHealth(port, security, name: name) { health in _ = try await health.check(.init())
        }
        return self.callers.last
    }

    /// Runs `body` with a connection to the listener.
    func withHealth(
        _ port: Int,
        _ security: any ConnectionSecurity,
        name: ServerName = .manager,
        _ body: @escaping @Sendable (SwarmHealth.Client<ManagerConnection.Transport>) async throws -> Void
    ) async throws {
        try await ManagerConnection.withClient(
            to: ServerAddress(host: "127.0.0.1", port: port),
            security: security,
            name: name,
            within: .seconds(20)
        ) { client in try await body(SwarmHealth.Client(wrapping: client)) }
    }
}

/// The present, as a test sets it.
final class HeldClock: Sendable {
    private let state = Mutex(TestAuthority.start)

    var now: Timestamp { self.state.withLock { $0 } }

    func advance(by duration: Duration) { self.state.withLock { $0 = $0 + duration } }
}

/// Remembers who called.
final class RecordingHealth: SwarmHealth.SimpleServiceProtocol {
    private let state = Mutex<PeerIdentity?>(nil)

    var last: PeerIdentity? { self.state.withLock { $0 } }

    func check(
        request: SwarmHealthCheckRequest,
        context: ServerContext
    ) async throws -> SwarmHealthCheckResponse {
        self.state.withLock { $0 = context.peer }
        return .with { $0.status = .serving }
    }
}

/// Counts connections that were turned away.
final class RecordingRefusals: Sendable {
    private let state = Mutex<[ConnectionRefusal: Int]>([:])

    func add(_ refusal: ConnectionRefusal) { self.state.withLock { $0[refusal, default: 0] += 1 } }

    var counts: [ConnectionRefusal: Int] { self.state.withLock { $0 } }

    /// Returns when `count` of a kind were turned away.
    func wait(for refusal: ConnectionRefusal, _ count: Int = 1) async throws {
        while self.counts[refusal, default: 0] < count {
            try await ContinuousClock().sleep(for: .milliseconds(2))
        }
    }
}
