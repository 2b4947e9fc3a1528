import ControlClient
import SwarmAPI

/// Follows a rotation of the root to its end, and tells of each step.
struct RotationWatch: Sendable {
    /// How often it looks.
    private static let interval = Duration.milliseconds(200)
    /// How many looks in a row may fail while a leader is elected: 30 s of them.
    private static let patience = 150

    private let client: ControlClient
    private let isQuiet: Bool

    init(_ client: ControlClient, isQuiet: Bool) {
        self.client = client
        self.isQuiet = isQuiet
    }

    /// Returns when the rotation that `cluster` is in is over.
    func run(from cluster: SwarmCluster) async throws {
        var cluster = cluster
        var told: [String] = []
        var stall = RotationStall()
        var failures = 0
        while true {
            do {
                let progress = RotationProgress(cluster, try await self.client.nodes())
                let lines = progress.lines
                if !self.isQuiet, lines != told {
                    for line in lines where !told.contains(line) { Terminal.error(line) }
                }
                told = lines
                if let line = stall.line(for: progress, at: .now), !self.isQuiet { Terminal.error(line) }
                guard progress.target != nil else { return }
                failures = 0
                try await ContinuousClock().sleep(for: Self.interval)
                cluster = try await self.client.cluster()
            } catch let error as ControlError {
                failures += 1
                guard failures < Self.patience, error.kind != .unreachable else { throw error }
                try await ContinuousClock().sleep(for: Self.interval)
            }
        }
    }
}
