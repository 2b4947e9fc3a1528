import GRPCCore
package import SwarmAPI
package import SwarmRPC
import SwiftProtobuf

/// Follows what another manager says of the group: only the leader knows how far each member is.
package enum ProgressCall {
    /// How long the manager may be silent; it speaks twice a second while somebody listens.
    private static let silence = Duration.seconds(2)

    /// Hands each report of the manager at `address` to `report`, until that returns false.
    ///
    /// Throws when the connection breaks, and when the manager falls silent.
    package static func follow(
        _ address: String,
        security: any ConnectionSecurity,
        report: @escaping @Sendable (SwarmdConsoleStatus) -> Bool
    ) async throws {
        let watch = LinkWatch(Self.silence)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await watch.run(every: Self.silence / 4) }
            group.addTask {
                try await ManagerConnection.withClient(
                    to: ServerAddress(address),
                    security: security,
                    within: Self.silence
                ) { client in
                    try await SwarmdConsole.Client(wrapping: client).status(.init()) { response in
                        for try await status in response.messages {
                            watch.extend(Self.silence)
                            guard report(status) else { return }
                        }
                    }
                }
            }
            try await group.next()
        }
    }
}
