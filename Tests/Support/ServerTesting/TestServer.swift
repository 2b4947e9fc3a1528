package import GRPCCore
import Logging
import ManagerNode
import NIOCore
import NIOPosix

/// The product's server on loopback TCP, for services that tests play.
package enum TestServer {
    /// Serves on a port of the kernel's choice, or on `port`, while `body` runs with it; afterwards nobody listens.
    ///
    /// Calls that are open then are cut off.
    package static func run<Result: Sendable>(
        port: Int = 0,
        _ services: [any RegistrableRPCService],
        _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let listener = try TCPListener(
            address: "127.0.0.1:\(port)",
            security: UncertifiedCallers(),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton
        )
        let (ports, bound) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        return try await withThrowingTaskGroup(of: Optional<Result>.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                let server = APIServer(listener: listener, services: services, log: log)
                try await server.run(onReady: { bound.yield($0.port ?? 0) })
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) }
                return nil
            }
            guard let result = try await group.next() ?? nil else { throw CancellationError() }
            return result
        }
    }
}
