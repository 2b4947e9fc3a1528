import BenchSupport
import Foundation

/// Clients that write 256 bytes each, again and again, each as soon as its last write is acknowledged.
struct Load: Sendable {
    static let valueBytes = 256
    /// A write that takes longer counts as failed.
    private static let limit = Duration.seconds(10)

    var clients: Int
    /// The most connections that the clients share.
    var connections: Int
    var warmUp: Duration
    var duration: Duration

    /// Runs the load; `name` begins the names of the objects, and must differ from run to run.
    func run(on endpoint: Endpoint, name: String) async throws -> LoadResult {
        let count = min(self.clients, self.connections)
        let value = Data((0..<Self.valueBytes).map { _ in UInt8.random(in: 0 ... .max) })
        return try await Connection.with(endpoint, count: count, sharing: count < self.clients) {
            connections in
            let from = ContinuousClock.now + self.warmUp
            let window = from..<(from + self.duration)
            return try await withThrowingTaskGroup(of: LoadResult.self) { group in
                for client in 0..<self.clients {
                    let connection = connections[client % count]
                    group.addTask {
                        await Self.write(on: connection, name: "\(name)-\(client)", value, in: window)
                    }
                }
                let result = try await group.reduce(into: LoadResult(duration: self.duration)) { $0 += $1 }
                try Task.checkCancellation()
                return result
            }
        }
    }

    private static func write(
        on connection: Connection,
        name: String,
        _ value: Data,
        in window: Range<ContinuousClock.Instant>
    ) async -> LoadResult {
        var result = LoadResult(duration: .zero)
        var number = 0
        var began = ContinuousClock.now
        while began < window.upperBound, !Task.isCancelled {
            number += 1
            do {
                try await connection.write("\(name)-\(number)", value, within: Self.limit)
                let ended = ContinuousClock.now
                result.writes += 1
                if window.contains(ended) { result.times.append((ended - began).milliseconds) }
                began = ended
            } catch {
                result.failures += 1
                result.failure = result.failure ?? "\(error)"
                try? await ContinuousClock().sleep(for: .milliseconds(1))
                began = ContinuousClock.now
            }
        }
        return result
    }
}
