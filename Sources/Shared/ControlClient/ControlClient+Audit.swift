import GRPCCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

extension ControlClient {
    /// Hands each record of changes from the number `from` on to `body`, oldest first; with `follow` also those that
    /// are still to come.
    ///
    /// Throws a ``ControlError``, or what `body` throws.
    package func audit(
        from: UInt64,
        follow: Bool,
        _ body: @Sendable @escaping (SwarmdAuditRecord) async throws -> Void
    ) async throws {
        let request = SwarmdReadAuditRequest.with {
            $0.from = from
            $0.follow = follow
        }
        do {
            try await self.audit.read(request, options: Self.streamOptions) { response in
                for try await record in response.messages { try await body(record) }
            }
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }
}
