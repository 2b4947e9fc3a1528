package import GRPCCore
import Logging
import SwarmAPI
import SwiftProtobuf

/// Records every change that is asked for, before it is made, and how it ended.
///
/// A change whose record cannot be written is refused; so is the answer to one whose record turns out not to be on the
/// disk, with a text that says that the change may have been made.
package struct AuditInterceptor: ServerInterceptor {
    private let audit: AuditLog

    /// Writes to `audit`.
    package init(audit: AuditLog) { self.audit = audit }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next: Handling<Input, Output>
    ) async throws -> StreamingServerResponse<Output> {
        let descriptor = context.descriptor
        guard AuditedCalls.contains(descriptor.service.fullyQualifiedService, descriptor.method) else {
            return try await next(request, context)
        }
        let (request, message) = try await Self.look(request)
        let limit = self.audit.limits.textBytes
        let subject = message.map { AuditSubject(of: $0) } ?? AuditSubject("")
        var record = SwarmdAuditRecord(of: context, limit: limit)
        record.object = AuditText.fit(subject.object, limit: limit)
        record.version = subject.version
        let begun: UInt64
        do { begun = try self.audit.append(record) } catch {
            throw Self.refusal("nothing was changed, as it can't be recorded: \(error)")
        }
        record.begun = begun
        let response: StreamingServerResponse<Output>
        do { response = try await next(request, context) } catch {
            self.end(record, error as? RPCError ?? RPCError(code: .unknown, message: ""))
            try await self.settle(begun)
            throw error
        }
        switch response.accepted {
        case .success: self.end(record, nil)
        case .failure(let error): self.end(record, error)
        }
        try await self.settle(begun)
        return response
    }

    /// Writes down how the change ended; where that fails, its beginning is in the record all the same.
    private func end(_ record: SwarmdAuditRecord, _ error: RPCError?) {
        var record = record
        record.result = error.map { Self.name(of: $0.code) } ?? "OK"
        record.message = AuditText.fit(error?.message ?? "", limit: self.audit.limits.textBytes)
        // The log told why, and the next change is refused.
        _ = try? self.audit.append(record)
    }

    /// gRPC's name of a code, "PERMISSION_DENIED".
    private static func name(of code: RPCError.Code) -> String {
        if code == .internalError { return "INTERNAL" }
        return "\(code)".reduce(into: "") { name, letter in
            if letter.isUppercase { name += "_" }
            name += letter.uppercased()
        }
    }

    private func settle(_ begun: UInt64) async throws {
        do { try await self.audit.durable(begun) } catch {
            throw Self.refusal(
                "the change may have been made, or not: its record is not on the disk: \(error)"
            )
        }
    }

    private static func refusal(_ message: String) -> RPCError {
        RPCError(code: .unavailable, message: "audit: \(message)")
    }

    /// The first message of `request`, and a request that still has it.
    private static func look<Input: Sendable>(
        _ request: StreamingServerRequest<Input>
    ) async throws -> (StreamingServerRequest<Input>, Input?) {
        var messages: [Input] = []
        // The calls that are recorded have one message; a second one is an error that the handler finds.
        for try await message in request.messages {
            messages.append(message)
            if messages.count == 2 { break }
        }
        let first = messages.first
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Input.self,
            throwing: (any Error).self,
            bufferingPolicy: .bufferingOldest(messages.count)
        )
        for message in messages { continuation.yield(message) }
        continuation.finish()
        return (
            StreamingServerRequest(
                metadata: request.metadata,
                messages: RPCAsyncSequence(wrapping: stream)
            ), first
        )
    }
}

extension SwarmdAuditRecord {
    /// A record of the call of `context`: who and what, and nothing of what it is about.
    init(of context: ServerContext, limit: Int) {
        self.init()
        let peer = context.peer
        if case .local(let caller) = peer.caller {
            (self.uid, self.gid, self.pid) = (caller.uid, caller.gid, caller.pid)
        }
        self.nodeID = AuditText.fit(peer.nodeID ?? "", limit: limit)
        let service = context.descriptor.service.fullyQualifiedService
        let name = service.split(separator: ".").last.map(String.init) ?? service
        self.method = "\(name).\(context.descriptor.method)"
    }
}
