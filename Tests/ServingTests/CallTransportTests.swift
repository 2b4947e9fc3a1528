import Foundation
import GRPCCore
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing

/// The transport beneath a server, with grpc-swift's client on the other side.
struct CallTransportTests {
    private static func connect<Result: Sendable>(
        _ port: Int,
        _ body: @escaping @Sendable (ManagerConnection.Client) async throws -> Result
    ) async throws -> Result {
        let address = ServerAddress(host: "127.0.0.1", port: port)
        return try await ManagerConnection.withClient(
            to: address,
            security: UncertifiedNode("n1"),
            within: .seconds(10),
            body
        )
    }

    /// Runs `body` with the port of a server of `logs`, for no longer than half a minute.
    private static func serve(
        _ logs: PlayedLogs,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await TestServer.run([logs], body) }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(30))
                throw RPCError(code: .deadlineExceeded, message: "the test takes too long")
            }
            try await group.next()
        }
    }

    @Test func `a long answer waits for a slow reader, and arrives whole`() async throws {
        let produced = Mutex(0)
        let logs = PlayedLogs { response, _ in
            for number in 0..<200 {
                var message = SwarmSubscribeLogsMessage()
                message.messages = [
                    .with { $0.data = [UInt8](repeating: UInt8(number & 255), count: 1 << 18).data }
                ]
                try await response.write(message)
                produced.withLock { $0 += 1 }
            }
        }
        try await Self.serve(logs) { port in
            try await Self.connect(port) { client in
                try await SwarmLogs.Client(wrapping: client).subscribeLogs(.init()) { response in
                    var received = 0
                    for try await message in response.messages {
                        #expect(message.messages.first?.data.first == UInt8(received & 255))
                        received += 1
                        guard received == 1 else { continue }
                        // Nothing is read meanwhile: both windows and the socket fill up, and no more.
                        try await ContinuousClock().sleep(for: .milliseconds(300))
                        #expect(produced.withLock { $0 } < 200)
                    }
                    #expect(received == 200)
                }
            }
        }
    }

    @Test func `a handler hears that the caller went away`() async throws {
        let (ends, ended) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let logs = PlayedLogs { response, context in
            try await response.write(.init())
            try? await context.cancellation.cancelled
            ended.yield()
        }
        try await Self.serve(logs) { port in
            try await Self.connect(port) { client in
                try await SwarmLogs.Client(wrapping: client).subscribeLogs(.init()) { response in
                    for try await _ in response.messages { break }
                }
            }
            for await _ in ends { break }
        }
    }

    @Test func `a caller's deadline cancels the handler, and its answer still arrives`() async throws {
        let logs = PlayedLogs { _, context in
            try? await context.cancellation.cancelled
            throw RPCError(code: .deadlineExceeded, message: "too late")
        }
        try await Self.serve(logs) { port in
            try await Self.connect(port) { client in
                var options = CallOptions.defaults
                options.timeout = .milliseconds(50)
                let error = await #expect(throws: RPCError.self) {
                    try await SwarmLogs.Client(wrapping: client).subscribeLogs(.init(), options: options) {
                        for try await _ in $0.messages {}
                    }
                }
                #expect(error?.code == .deadlineExceeded)
            }
        }
    }

    @Test func `an error keeps its code and its message`() async throws {
        let logs = PlayedLogs { _, _ in throw RPCError(code: .notFound, message: "no task \"ü\" 100 %") }
        try await Self.serve(logs) { port in
            try await Self.connect(port) { client in
                let error = await #expect(throws: RPCError.self) {
                    try await SwarmLogs.Client(wrapping: client).subscribeLogs(.init()) {
                        for try await _ in $0.messages {}
                    }
                }
                #expect(error?.code == .notFound)
                #expect(error?.message == "no task \"ü\" 100 %")
                let unknown = await #expect(throws: RPCError.self) {
                    try await SwarmHealth.Client(wrapping: client).check(.init())
                }
                #expect(unknown?.code == .unimplemented)
            }
        }
    }

    @Test func `a request that is too large is refused, and the connection goes on`() async throws {
        let logs = PlayedLogs { response, _ in try await response.write(.init()) }
        try await Self.serve(logs) { port in
            try await Self.connect(port) { client in
                let service = SwarmLogs.Client(wrapping: client)
                var large = SwarmSubscribeLogsRequest()
                large.selector.serviceIds = [String(repeating: "x", count: 5 << 20)]
                let request = large
                let error = await #expect(throws: RPCError.self) {
                    try await service.subscribeLogs(request) { for try await _ in $0.messages {} }
                }
                #expect(error?.code == .resourceExhausted)
                large.selector.serviceIds = [String(repeating: "x", count: 3 << 20)]
                let fitting = large
                let count = try await service.subscribeLogs(fitting) { response in
                    var count = 0
                    for try await _ in response.messages { count += 1 }
                    return count
                }
                #expect(count == 1, "three times the window still fits")
            }
        }
    }
}

extension [UInt8] {
    fileprivate var data: Data { Data(self) }
}

/// A log stream whose answers a test plays.
struct PlayedLogs: SwarmLogs.SimpleServiceProtocol {
    let play: @Sendable (RPCWriter<SwarmSubscribeLogsMessage>, ServerContext) async throws -> Void

    func subscribeLogs(
        request: SwarmSubscribeLogsRequest,
        response: RPCWriter<SwarmSubscribeLogsMessage>,
        context: ServerContext
    ) async throws {
        try await self.play(response, context)
    }
}
