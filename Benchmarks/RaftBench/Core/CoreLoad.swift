import BenchSupport
import Foundation
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Components of a leader that change objects of 256 bytes, each as soon as its last change is committed.
///
/// They change what is there, as reconcilers do with tasks, so that the state keeps its size.
struct CoreLoad: Sendable {
    /// The objects that each component changes in turn.
    private static let objects = 16

    var inFlight: Int
    var warmUp: Duration
    var duration: Duration

    /// Runs the load on the leader's store.
    func run(on store: ReplicatedStore, _ executor: some TaskExecutor) async throws -> LoadResult {
        let value = Data((0..<Load.valueBytes).map { _ in UInt8.random(in: 0 ... .max) })
        let from = ContinuousClock.now + self.warmUp
        let window = from..<(from + self.duration)
        return try await withThrowingTaskGroup(of: LoadResult.self) { group in
            for component in 0..<self.inFlight {
                group.addTask(executorPreference: executor) {
                    try await Self.change("c\(component)", in: store, value, window)
                }
            }
            let result = try await group.reduce(into: LoadResult(duration: self.duration)) { $0 += $1 }
            try Task.checkCancellation()
            return result
        }
    }

    private static func change(
        _ name: String,
        in store: ReplicatedStore,
        _ value: Data,
        _ window: Range<ContinuousClock.Instant>
    ) async throws -> LoadResult {
        var result = LoadResult(duration: .zero)
        var number = 0
        var began = ContinuousClock.now
        while began < window.upperBound, !Task.isCancelled {
            let id = "\(name)-\(number % Self.objects)"
            number += 1
            try await store.update { transaction in try Self.put(id, value, in: &transaction) }
            let ended = ContinuousClock.now
            result.writes += 1
            if window.contains(ended) { result.times.append((ended - began).milliseconds) }
            began = ended
        }
        return result
    }

    private static func put(_ id: String, _ value: Data, in transaction: inout Transaction) throws {
        if let config = transaction.state.configs[id] { return try transaction.update(config) }
        try transaction.create(
            SwarmConfig.with {
                $0.id = id
                $0.spec.annotations.name = id
                $0.spec.data = value
            }
        )
    }
}
