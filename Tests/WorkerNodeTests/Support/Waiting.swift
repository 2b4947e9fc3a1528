import Foundation

/// A condition that did not become true in time.
struct NotInTime: Error, CustomStringConvertible {
    let what: String
    var description: String { "not in time: \(what)" }
}

/// Waits until `condition` holds, and throws after `limit`.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NotInTime(what: what) }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Runs `body` beside `background`, which is cancelled afterwards and waited for.
func with<Result: Sendable>(
    _ background: @escaping @Sendable () async throws -> Void,
    _ body: @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            do { try await background() } catch is CancellationError {}
        }
        defer { group.cancelAll() }
        return try await body()
    }
}

/// Runs `body` with a folder of its own.
func withFolder<Result: Sendable>(_ body: @Sendable (String) async throws -> Result) async throws -> Result {
    let folder = NSTemporaryDirectory() + "worker-node-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
