import Foundation
import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing

@testable import ManagerNode

@Suite struct AuditInterceptorTests {
    /// Makes a call through the interceptor; `answer` is what the handler does.
    private static func call<Request: Sendable>(
        _ method: MethodDescriptor,
        _ request: Request,
        through audit: AuditLog,
        answer: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        let context = ServerContext(
            descriptor: method,
            remotePeer: "unix:",
            localPeer: "unix:",
            cancellation: ServerContext.test.cancellation
        )
        _ = try await AuditInterceptor(audit: audit).intercept(
            request: StreamingServerRequest(single: ServerRequest(metadata: [:], message: request)),
            context: context
        ) { request, _ -> StreamingServerResponse<String> in
            // The handler gets the message that was looked at.
            let message = try await ServerRequest(stream: request).message
            #expect("\(type(of: message))" == "\(Request.self)")
            try await answer()
            return StreamingServerResponse(single: ServerResponse(message: ""))
        }
    }

    private static func update(_ id: String) -> SwarmUpdateServiceRequest {
        .with {
            $0.serviceID = id
            $0.serviceVersion.index = 7
        }
    }

    @Test func `a change is recorded before it is made, and how it ended after`() async throws {
        try await AuditBench.run { bench in
            try await bench.open { audit in
                try await Self.call(
                    SwarmControl.Method.UpdateService.descriptor,
                    Self.update("s1"),
                    through: audit
                ) {
                    let results = try bench.read().map(\.result)
                    #expect(results == [""])
                }
            }
            let records = try bench.read()
            #expect(records.map(\.result) == ["", "OK"])
            #expect(records.map(\.begun) == [0, 1])
            #expect(records.allSatisfy { $0.method == "Control.UpdateService" })
            #expect(records.allSatisfy { $0.object == "service s1" && $0.version == 7 })
            #expect(try AuditBench.fault(in: records) == nil)
        }
    }

    @Test func `a change that is refused is recorded with the reason`() async throws {
        try await AuditBench.run { bench in
            try await bench.open { audit in
                let error = await rpcError {
                    try await Self.call(
                        SwarmControl.Method.RemoveService.descriptor,
                        SwarmRemoveServiceRequest.with { $0.serviceID = "s1" },
                        through: audit
                    ) { throw RPCError(code: .failedPrecondition, message: "in use") }
                }
                #expect(error?.message == "in use")
            }
            #expect(try bench.read().map(\.result) == ["", "FAILED_PRECONDITION"])
            #expect(try bench.read().map(\.message) == ["", "in use"])
        }
    }

    @Test func `what only reads leaves no record`() async throws {
        try await AuditBench.run { bench in
            try await bench.open { audit in
                try await Self.call(
                    SwarmControl.Method.ListServices.descriptor,
                    SwarmListServicesRequest(),
                    through: audit
                )
                try await Self.call(
                    SwarmDispatcher.Method.Heartbeat.descriptor,
                    SwarmHeartbeatRequest(),
                    through: audit
                )
            }
            #expect(try bench.read().isEmpty)
        }
    }

    @Test func `no secret reaches the disk`() async throws {
        try await AuditBench.run { bench in
            try await bench.open { audit in
                let secret = SwarmCreateSecretRequest.with {
                    $0.spec.annotations.name = "password"
                    $0.spec.data = Data("correct horse".utf8)
                }
                try await Self.call(SwarmControl.Method.CreateSecret.descriptor, secret, through: audit)
                let unlock = SwarmdUnlockNodeRequest.with { $0.unlockKey = "SWMKEY-1-hidden" }
                try await Self.call(SwarmdNodeControl.Method.Unlock.descriptor, unlock, through: audit)
                let join = SwarmdJoinClusterRequest.with {
                    $0.managers = ["10.0.0.1:2377"]
                    $0.token = "SWMTKN-1-hidden"
                }
                _ = await rpcError {
                    try await Self.call(
                        SwarmdNodeControl.Method.JoinCluster.descriptor,
                        join,
                        through: audit
                    ) {
                        throw RPCError(code: .invalidArgument, message: "token SWMTKN-1-hidden-hidden: wrong")
                    }
                }
            }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(bench.directory)/\(bench.names()[0])"))
            for word in ["correct", "hidden-", "1-hidden"] {
                #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word)")
            }
            #expect(try bench.read().contains { $0.message == "token SWMTKN-[hidden]: wrong" })
            #expect(try bench.read().contains { $0.object == "secret password" })
        }
    }

    @Test func `a change that can't be recorded is not made`() async throws {
        try await AuditBench.run { bench in
            try Data().write(to: URL(fileURLWithPath: bench.directory))
            try await bench.open { audit in
                let made = Mutex(false)
                let error = await rpcError {
                    try await Self.call(
                        SwarmControl.Method.UpdateService.descriptor,
                        Self.update("s1"),
                        through: audit
                    ) { made.withLock { $0 = true } }
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.hasPrefix("audit: nothing was changed") == true)
                #expect(!made.withLock { $0 })
            }
        }
    }

    @Test func `long texts are cut at a letter`() {
        let text = AuditText.fit(String(repeating: "ä", count: 200), limit: 256)
        #expect(text.utf8.count <= 256)
        #expect(text.hasSuffix("ä…"))
        #expect(AuditText.fit("web", limit: 256) == "web")
    }
}
