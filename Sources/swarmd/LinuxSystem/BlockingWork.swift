import Dispatch

/// Runs what blocks (fsync, starting a program, removing a tree) away from the threads that tasks share.
package enum BlockingWork {
    private static let queue = DispatchQueue(label: "swarmd.blocking", attributes: .concurrent)

    /// Returns what the given work returns.
    ///
    /// A cancellation does not stop it: it is short, or must be done.
    package static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
