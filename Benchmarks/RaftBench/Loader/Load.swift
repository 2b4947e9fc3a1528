import Foundation
import LinuxSystem
import Synchronization

/// Clients that write 256 bytes each, again and again, each as soon as its last write is acknowledged.
struct Load: Sendable {
    static let valueBytes = 256
    /// A write that takes longer counts as failed.
    static let limit = Duration.seconds(10)

    var clients: Int
    /// The most connections that the clients share.
    var connections: Int
    var warmUp: Duration
    var duration: Duration

    /// Runs the load; `name` begins the names of the objects, and must differ from run to run.
    func run(on endpoint: Endpoint, name: String) async throws -> LoadResult {
        let value = Data((0..<Self.valueBytes).map { _ in UInt8.random(in: 0 ... .max) })
        let isCancelled = Flag()
        return try await withTaskCancellationHandler {
            let result = try await BlockingWork.run {
                var loader = try Loader(self, on: endpoint, name: name, value: value)
                return try loader.run { isCancelled.isSet }
            }
            try Task.checkCancellation()
            return result
        } onCancel: {
            isCancelled.set()
        }
    }

    /// Tells the thread that writes that it should end.
    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { self.value.load(ordering: .relaxed) }
        func set() { self.value.store(true, ordering: .relaxed) }
    }
}
