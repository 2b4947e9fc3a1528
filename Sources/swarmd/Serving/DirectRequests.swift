import GRPCCore
package import NIOCore
import SwarmRPC

/// The requests of the call that is handled, as bytes on the connection's loop, for a handler that must be quick.
///
/// The call passes gRPC's machinery when it begins, with all that stands in front of handlers, and its messages do not
/// (docs/decisions/0019).
package struct DirectRequests: Sendable {
    /// Those of the call that the present task handles; nil where no transport of ours brought it.
    @TaskLocal package static var current: DirectRequests?

    let call: Call

    /// Has `receive` take each request that was not read yet, on the connection's loop; returns when they end.
    ///
    /// Throws when the call is broken off, and what `receive` throws.
    package func forEach(_ receive: @escaping @Sendable (ByteBuffer) throws -> Void) async throws {
        let call = self.call
        try await call.loop.submit { call.divert(to: receive) }.get()
        // Nothing is left to read but the end.
        while try await call.next() != nil {}
    }
}
