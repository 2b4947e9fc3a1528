import GRPCCore
import Glibc
import SwarmAPI

/// A call that changes something: who wants what changed.
struct AuditedCall {
    private let method: String
    private let subject: AuditSubject
    private let peer: PeerIdentity

    /// A call of `method` about `subject` by `peer`.
    init(_ method: String, about subject: AuditSubject, by peer: PeerIdentity) {
        self.method = method
        self.subject = subject
        self.peer = peer
    }

    /// The name of a procedure in a record, "Control.UpdateService".
    static func name(of method: MethodDescriptor) -> String {
        let service = method.service.fullyQualifiedService
        let name = service.split(separator: ".").last.map(String.init) ?? service
        return "\(name).\(method.method)"
    }

    /// What its beginning leaves: who and what, and nothing of what the request carries.
    func record(textLimit limit: Int) -> SwarmdAuditRecord {
        var record = SwarmdAuditRecord()
        if case .local(let caller) = self.peer.caller {
            (record.uid, record.gid, record.pid) = (caller.uid, caller.gid, caller.pid)
            // Asks for what its answer to an operator's call holds, which has a record of its own.
            record.byDaemon = caller.pid == UInt32(getpid())
        }
        record.nodeID = AuditText.fit(self.peer.nodeID ?? "", limit: limit)
        record.method = self.method
        record.object = AuditText.fit(self.subject.object, limit: limit)
        record.version = self.subject.version
        return record
    }
}

extension AuditLog {
    /// Runs `body` between the record of `call` and the one of how it ended.
    ///
    /// A call whose record cannot be written is refused. `refusal` finds the error in a result that tells of one.
    func record<Result>(
        _ call: AuditedCall,
        _ body: () async throws -> Result,
        refusal: (Result) -> RPCError? = { _ in nil }
    ) async throws -> Result {
        var record = call.record(textLimit: self.limits.textBytes)
        do { record.begun = try self.begin(record) } catch {
            throw RPCError(
                code: .unavailable,
                message: "audit: nothing was changed, as it can't be recorded: \(error)"
            )
        }
        do {
            let result = try await body()
            self.end(record, refusal(result))
            return result
        } catch {
            self.end(record, error as? RPCError ?? RPCError(code: .unknown, message: ""))
            throw error
        }
    }

    private func end(_ record: SwarmdAuditRecord, _ error: RPCError?) {
        var record = record
        record.result = error.map { Self.name(of: $0.code) } ?? "OK"
        record.message = AuditText.fit(error?.message ?? "", limit: self.limits.textBytes)
        self.end(record)
    }

    /// gRPC's name of a code, "PERMISSION_DENIED".
    private static func name(of code: RPCError.Code) -> String {
        if code == .internalError { return "INTERNAL" }
        return "\(code)".reduce(into: "") { name, letter in
            if letter.isUppercase { name += "_" }
            name += letter.uppercased()
        }
    }
}
