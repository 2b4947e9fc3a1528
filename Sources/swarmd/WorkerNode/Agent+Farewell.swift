import Logging
import Primitives
import SwarmAPI
import SwiftProtobuf

extension Agent {
    /// How often it looks whether the tasks are gone.
    private static let look = Duration.milliseconds(50)

    /// Ends all tasks of a node that leaves its cluster; its agent must not run.
    ///
    /// Returns when they are gone, or after `patience`.
    package func dismissTasks(within patience: Duration) async throws {
        guard let (database, worker) = try self.holdings() else { return }
        let end = self.clock.now() + patience
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await worker.run() }
            // The whole of what is assigned: nothing.
            _ = worker.submit(.with { $0.type = .complete })
            while try await !database.load().isEmpty {
                guard self.clock.now() < end else {
                    return self.log.error("tasks are still running after this node has left")
                }
                try await self.clock.sleep(Self.look)
            }
        }
    }
}
