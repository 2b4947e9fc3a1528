package import GRPCCore
import LinuxSystem
package import SwarmAPI
import SwarmRPC

/// Lets operators read the record of changes.
package struct AuditService: SwarmdAudit.SimpleServiceProtocol {
    private let log: AuditLog

    /// Reads `log`.
    package init(log: AuditLog) { self.log = log }

    package func read(
        request: SwarmdReadAuditRequest,
        response: RPCWriter<SwarmdAuditRecord>,
        context: ServerContext
    ) async throws {
        // Before the first look, so that nothing falls between the two.
        let news = request.follow ? self.log.follow() : nil
        guard !request.follow || news != nil else {
            throw RPCError(
                code: .resourceExhausted,
                message: "\(self.log.limits.followers) callers follow the records already"
            )
        }
        try await context.whileConnected {
            var reader = AuditReader(self.log.files, self.log.limits, from: request.from)
            guard let news else {
                self.log.write()
                // Once: records that come meanwhile could keep it going.
                let newest = self.log.newest.sequence
                try await Self.send(from: &reader, upTo: newest, to: response)
                if let damage = reader.damages.first { throw Self.loss(damage) }
                return
            }
            for await _ in news { try await Self.send(from: &reader, upTo: .max, to: response) }
            throw RPCError(code: .unavailable, message: "this manager is shutting down")
        }
    }

    private static func send(
        from reader: inout AuditReader,
        upTo newest: UInt64,
        to response: RPCWriter<SwarmdAuditRecord>
    ) async throws {
        while true {
            let present = reader
            let (records, after) = try await Self.read(present)
            reader = after
            for record in records where record.sequence <= newest { try await response.write(record) }
            guard let last = records.last, last.sequence < newest else { return }
        }
    }

    /// Reads away from the threads that calls share.
    private static func read(_ reader: AuditReader) async throws -> ([SwarmdAuditRecord], AuditReader) {
        do {
            return try await BlockingWork.run {
                var reader = reader
                let records = try reader.read()
                return (records, reader)
            }
        } catch let damage as AuditDamage {
            throw Self.loss(damage)
        } catch let fault as AuditFrames.Fault {
            throw RPCError(code: .dataLoss, message: "a file of records can't be read: \(fault)")
        } catch let error as SystemError {
            throw RPCError(code: .internalError, message: "the records can't be read: \(error)")
        }
    }

    /// What a caller hears who got what could be read.
    private static func loss(_ damage: AuditDamage) -> RPCError {
        RPCError(code: .dataLoss, message: "\(damage): it was altered, or the disk failed")
    }
}
