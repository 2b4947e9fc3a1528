import GRPCCore
import GRPCNIOTransportHTTP2
import Glibc
import Logging
import NIOCore
import NIOPosix
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct APIServerTests {
    private typealias Address = NIOCore.SocketAddress

    /// Runs a server with a health service while `body` runs.
    private func serve(
        _ listener: any APIListener,
        _ body: @escaping @Sendable (Address) async throws -> Void
    ) async throws {
        let health = HealthService(keys: ["Raft"])
        let server = APIServer(listener: listener, services: [health], log: Logger(label: "test"))
        let (bound, binding) = AsyncStream.makeStream(of: Address.self, bufferingPolicy: .bufferingOldest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await server.run(onReady: { binding.yield($0) }) }
            group.addTask { for await address in bound { return try await body(address) } }
            try await group.next()
        }
    }

    fileprivate func tcp() throws -> TCPListener {
        try TCPListener(
            address: "127.0.0.1:0",
            security: UncertifiedCallers(),
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup
        )
    }

    private func check(_ transport: HTTP2ClientTransport.Posix, _ key: String) async throws -> String {
        try await withGRPCClient(transport: transport) { client in
            let health = SwarmHealth.Client(wrapping: client)
            return "\(try await health.check(.with { $0.service = key }).status)"
        }
    }

    @Test func `TCP and the unix socket serve the same services`() async throws {
        try await self.serve(self.tcp()) { address in
            let port = try #require(address.port)
            let transport = try HTTP2ClientTransport.Posix(
                target: .ipv4(address: "127.0.0.1", port: port),
                transportSecurity: .plaintext
            )
            #expect(try await self.check(transport, "") == "serving")
        }
        let path = "/tmp/swarmd-test-\(LoopbackManager.makeID()).sock"
        let unix = try UnixListener(
            path: path,
            security: LocalSecurity(ownNode: nil),
            loops: [.singletonMultiThreadedEventLoopGroup.next()]
        )
        try await self.serve(unix) { _ in
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o660)
            var config = HTTP2ClientTransport.Posix.Config.defaults
            config.http2.authority = "localhost"
            let transport = try HTTP2ClientTransport.Posix(
                target: .unixDomainSocket(path: path),
                transportSecurity: .plaintext,
                config: config
            )
            #expect(try await self.check(transport, "Raft") == "notServing")
        }
        #expect(access(path, F_OK) != 0, "the socket is removed at the end")
    }

    @Test func `a server can be cancelled while connections arrive`() async throws {
        for _ in 0..<20 {
            try await self.serve(self.tcp()) { address in
                let port = try #require(address.port)
                let client = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                let connections = (0..<20).map { _ in client.connect(host: "127.0.0.1", port: port) }
                _ = try await connections[0].get()
            }
        }
    }

    @Test func `a server can be cancelled while calls arrive`() async throws {
        for _ in 0..<20 {
            let (ports, serving) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
            let (answers, answered) = AsyncStream.makeStream(
                of: Void.self,
                bufferingPolicy: .bufferingNewest(1)
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await port in ports {
                        try? await Self.insist(port) { answered.yield() }
                        break
                    }
                }
                try await self.serve(self.tcp()) { address in
                    serving.yield(address.port ?? 0)
                    for await _ in answers { break }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Makes calls on one connection, many at a time, until they fail.
    private static func insist(_ port: Int, _ answered: @escaping @Sendable () -> Void) async throws {
        let address = ServerAddress(host: "127.0.0.1", port: port)
        try await ManagerConnection.withClient(
            to: address,
            security: UncertifiedNode(),
            within: .seconds(10)
        ) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        while true {
                            _ = try await SwarmHealth.Client(wrapping: client).check(.init())
                            answered()
                        }
                    }
                }
                try await group.next()
            }
        }
    }

    /// Follows logs to their end, and returns how many messages there were.
    fileprivate static func subscribe(_ port: Int) async throws -> Int {
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: port),
            transportSecurity: .plaintext
        )
        return try await withGRPCClient(transport: transport) { client in
            try await SwarmLogs.Client(wrapping: client).subscribeLogs(.init()) { response in
                var count = 0
                for try await _ in response.messages { count += 1 }
                return count
            }
        }
    }

    @Test func `a listener that cannot bind says why`() async throws {
        let unix = try UnixListener(
            path: "/proc/none/s.sock",
            security: LocalSecurity(ownNode: nil),
            loops: [.singletonMultiThreadedEventLoopGroup.next()]
        )
        let server = APIServer(listener: unix, services: [], log: Logger(label: "test"))
        await #expect(throws: ListenError.self) { try await server.run() }
    }

    @Test func `a thousand PINGs on one connection are answered`() async throws {
        try await self.serve(self.tcp()) { address in
            let port = try #require(address.port)
            let answered = try await PingFlood(count: 1_000).answers(port: port)
            #expect(answered == 1_000)
        }
    }

    @Test func `asked to stop, a server cuts off calls that do not end in time`() async throws {
        let listener = try self.tcp()
        let (stop, stopping) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let (bound, binding) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        let broker = EndlessLogs(entered: stopping)
        let server = APIServer(
            listener: listener,
            services: [broker],
            stopDeadline: .milliseconds(50),
            log: Logger(label: "test")
        )
        try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run(until: { for await _ in stop { return } }) {
                    binding.yield($0.port ?? 0)
                }
                return true
            }
            group.addTask {
                for await port in bound {
                    _ = try? await Self.subscribe(port)
                    break
                }
                return false
            }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(10))
                throw LoopbackManager.TimedOut()
            }
            while try await group.next() == false {}
        }
    }
}

extension APIServerTests {
    @Test func `asked to stop, a server lets the calls that there are end`() async throws {
        let (stop, stopping) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let (bound, binding) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        let server = APIServer(
            listener: try self.tcp(),
            services: [LastLogs(entered: stopping)],
            log: Logger(label: "test")
        )
        let messages = try await withThrowingTaskGroup(of: Int?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run(until: { for await _ in stop { return } }) {
                    binding.yield($0.port ?? 0)
                }
                return nil
            }
            group.addTask {
                for await port in bound {
                    return try await Self.subscribe(port)
                }
                return nil
            }
            var count: Int?
            // Both end by themselves, long before the server's deadline.
            for _ in 0..<2 { if let next = try await group.next(), let next { count = next } }
            return count
        }
        #expect(messages == 3)
    }
}

/// A call that has things to say after the server was asked to stop.
private struct LastLogs: SwarmLogs.SimpleServiceProtocol {
    let entered: AsyncStream<Void>.Continuation

    func subscribeLogs(
        request: SwarmSubscribeLogsRequest,
        response: RPCWriter<SwarmSubscribeLogsMessage>,
        context: ServerContext
    ) async throws {
        try await response.write(.init())
        self.entered.yield()
        try await ContinuousClock().sleep(for: .milliseconds(100))
        try await response.write(.init())
        try await response.write(.init())
    }
}

/// A call that waits until its task is cancelled, and says that it began.
private struct EndlessLogs: SwarmLogs.SimpleServiceProtocol {
    let entered: AsyncStream<Void>.Continuation

    func subscribeLogs(
        request: SwarmSubscribeLogsRequest,
        response: RPCWriter<SwarmSubscribeLogsMessage>,
        context: ServerContext
    ) async throws {
        self.entered.yield()
        try await ContinuousClock().sleep(for: .seconds(60))
    }
}
