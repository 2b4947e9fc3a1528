import ControlClient
import Foundation
import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// A fixed run of writes, one after the other, and what a manager acknowledged of it.
final class WriteScript: Sendable {
    /// The write that makes the cluster take snapshots often, after which they come every few entries.
    static let snapshotsFrom = 3
    private static let snapshotInterval: UInt64 = 4

    private struct State {
        var begun = 0
        var acknowledged = 0
    }

    let writes: Int
    /// How many bytes each config has.
    let bytes: Int
    private let state = Mutex(State())

    init(writes: Int, bytes: Int) {
        self.writes = writes
        self.bytes = bytes
    }

    /// How many writes were acknowledged.
    var acknowledged: Int { self.state.withLock { $0.acknowledged } }

    /// Waits for the manager, and writes until one fails or all are done.
    func run(on socket: String) async throws {
        while true {
            try Task.checkCancellation()
            if FileManager.default.fileExists(atPath: socket), try await self.attempt(on: socket) { return }
            try await ContinuousClock().sleep(for: .milliseconds(10))
        }
    }

    /// Writes what is left; false if the manager takes nothing yet.
    private func attempt(on socket: String) async throws -> Bool {
        try await ControlClient.withConnection(to: socket) { client in
            guard (try? await client.clusters().first) != nil else { return false }
            for number in 1...self.writes {
                self.state.withLock { $0.begun = number }
                let config = self.config(number)
                _ = try await client.control.createConfig(.with { $0.spec = config })
                self.state.withLock { $0.acknowledged = number }
                guard number == Self.snapshotsFrom else { continue }
                try await self.takeSnapshotsOften(client)
            }
            return true
        }
    }

    private func takeSnapshotsOften(_ client: ControlClient) async throws {
        while true {
            guard let cluster = try await client.clusters().first else { throw CancellationError() }
            do {
                _ = try await client.control.updateCluster(
                    .with {
                        $0.clusterID = cluster.id
                        $0.clusterVersion = cluster.meta.version
                        $0.spec = cluster.spec
                        $0.spec.raft.snapshotInterval = Self.snapshotInterval
                    }
                )
                return
            } catch let error as RPCError where error.message == "update out of sequence" {
                // The leader wrote to the object itself: its keys, at the start of its term.
                continue
            }
        }
    }

    private func config(_ number: Int) -> SwarmConfigSpec {
        .with {
            $0.annotations.name = "c\(number)"
            $0.data = Data((0..<self.bytes).map { UInt8(truncatingIfNeeded: $0 &* number) })
        }
    }

    /// What is wrong with `configs`, which must be all that was acknowledged and at most the write after that;
    /// nil if nothing is.
    func fault(in configs: [SwarmConfig]) -> String? {
        let state = self.state.withLock { $0 }
        let names = Set(configs.map(\.spec.annotations.name))
        if let lost = (1...self.writes).prefix(state.acknowledged).first(where: { !names.contains("c\($0)") })
        {
            return "write \(lost) was acknowledged, and is lost"
        }
        let possible = (1...self.writes).prefix(state.begun).map(self.config)
        guard let strange = configs.first(where: { !possible.contains($0.spec) }) else { return nil }
        return "nobody wrote \(strange.spec.annotations.name) with \(strange.spec.data.count) bytes"
    }
}
