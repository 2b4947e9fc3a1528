import GRPCCore
import ServerTesting
import Serving
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing

@testable import ManagerNode

@Suite struct UnaryProceduresTests {
    private static let method = SwarmHealth.Method.Check.descriptor

    /// Does with a request what it was made with.
    private struct Health: SwarmHealth.SimpleServiceProtocol {
        let answer: @Sendable (SwarmHealthCheckRequest) throws -> SwarmHealthCheckResponse

        func check(
            request: SwarmHealthCheckRequest,
            context: ServerContext
        ) async throws -> SwarmHealthCheckResponse {
            try self.answer(request)
        }
    }

    private struct Odd: Error {}

    private static func answer(_ request: SwarmHealthCheckRequest) throws -> SwarmHealthCheckResponse {
        switch request.service {
        case "refused": throw RPCError(code: .notFound, message: "no \"ü\" 100 %", metadata: ["a": "b"])
        case "odd": throw Odd()
        default: return .with { $0.status = .serving }
        }
    }

    @Test func `a procedure answers while it is open, and gRPC else`() async throws {
        let isOpen = Mutex(true)
        var procedures = UnaryProcedures { isOpen.withLock { $0 } }
        procedures.add(Self.method) { (request: SwarmHealthCheckRequest, _) in try Self.answer(request) }
        let set = procedures
        try await BoardBench.run { board, client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    try await board.serve([Health { _ in .with { $0.status = .notServing } }], unary: set)
                }
                let served = try await BoardBench.untilServed { try await client.check(.init()) }
                #expect(served.status == .serving)
                isOpen.withLock { $0 = false }
                #expect(try await client.check(.init()).status == .notServing)
                isOpen.withLock { $0 = true }
                #expect(try await client.check(.init()).status == .serving)
            }
        }
    }

    @Test func `a caller hears the same from a procedure as from gRPC`() async throws {
        var procedures = UnaryProcedures()
        procedures.add(Self.method) { (request: SwarmHealthCheckRequest, _) in try Self.answer(request) }
        for unary in [UnaryProcedures(), procedures] {
            try await BoardBench.run { board, client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { group.cancelAll() }
                    group.addTask { try await board.serve([Health { try Self.answer($0) }], unary: unary) }
                    _ = try await BoardBench.untilServed { try await client.check(.init()) }
                    let refused = await BoardBench.refusal {
                        _ = try await client.check(.with { $0.service = "refused" })
                    }
                    #expect(refused?.code == .notFound)
                    #expect(refused?.message == "no \"ü\" 100 %")
                    #expect(refused?.metadata[stringValues: "a"].contains("b") == true)
                    let odd = await BoardBench.refusal {
                        _ = try await client.check(.with { $0.service = "odd" })
                    }
                    #expect(odd?.code == .unknown)
                    #expect(odd?.message == "Service method threw an unknown error.")
                }
            }
        }
    }

    @Test func `every change that operators ask for leaves two records, and nothing else does`() async throws
    {
        try await TestManager.run { manager in
            try await AuditBench.run { bench in
                let called = try await bench.open { audit in
                    let procedures = UnaryProcedures(manager.control, audit: audit) { true }
                    var called: [String] = []
                    for method in SwarmControl.Method.descriptors {
                        guard let handler = procedures[method] else { continue }
                        // Nothing is asked for, which most procedures refuse.
                        _ = try? await handler(MessageBytes([]), [:], manager.context)
                        if AuditedCalls.contains(method.service.fullyQualifiedService, method.method) {
                            called.append("Control.\(method.method)")
                        }
                    }
                    return called
                }
                let records = try bench.read()
                #expect(called.count == 23)
                #expect(records.map(\.method) == called.flatMap { [$0, $0] })
                #expect(records.filter { $0.begun == 0 }.count == called.count)
            }
        }
    }
}
