import ControlClient

/// Reads an object, changes it and writes it, and does so anew where it was written by somebody else meanwhile.
///
/// What a command changes it changes whatever else the object says, and the cluster writes to objects itself: a rotation
/// to all nodes, a heartbeat's news to one.
enum FreshWrite {
    /// How often it is tried.
    static let attempts = 8

    /// Runs `body`, which reads first; throws what it throws, after all attempts also that the object changed.
    static func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 1..<Self.attempts {
            do { return try await body() } catch let error as ControlError where error.kind == .outOfSequence
            {
                continue
            }
        }
        return try await body()
    }
}
