import BenchSupport
import FailoverLab
import Foundation
import Linearizability
import NetworkLab
import Testing

/// Three real managers in network namespaces lose their leader, or a part of their network, under load.
///
/// What all clients saw is checked to be linearizable: no acknowledged write is lost, and no read is stale.
@Suite(
    .serialized,
    .enabled(if: NetworkLab.obstacle == nil, "\(NetworkLab.obstacle ?? "")")
)
struct FailoverTests {
    /// How long a manager is cut off: longer than raft's and the connections' patience.
    private static let cut = Duration.seconds(
        ProcessInfo.processInfo.environment["SWARM_CUT_SECONDS"].flatMap(Int.init) ?? 4
    )

    private static func run(_ body: (LabGroup) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "failover-\(UInt32.random(in: 0 ... .max))"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LabGroup.with(members: 3, swarmd: Products.swarmd, in: folder, body)
    }

    /// Tries `disturbance`, and expects what holds for all of them.
    private static func expect(
        _ disturbance: FailoverTrial.Disturbance,
        of group: LabGroup,
        name: String
    ) async throws -> FailoverTrial.Result {
        let result = try await FailoverTrial(disturbance).run(on: group, name: name)
        #expect(result.verdict.isLinearizable, "\(result.verdict)\n\(Self.keep(result.history, name))")
        #expect(result.answersWhileCut == 0, "a manager without a majority answered")
        // The exact figures are the benchmark's; on a busy machine a test only sees that it is not minutes.
        #expect(result.gap < .seconds(10))
        #expect(result.recovery ?? .zero < .seconds(5))
        return result
    }

    /// Keeps a history that is wrong; returns where.
    private static func keep(_ history: ControlHistory, _ name: String) -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "history-\(name)-\(getpid()).txt")
        try? Data(history.encoded().utf8).write(to: file)
        return "the history is in \(file.path)"
    }

    @Test func `nothing is lost when the leader is killed or stopped, again and again`() async throws {
        try await Self.run { group in
            for round in 0..<2 {
                let killed = try await Self.expect(.kill, of: group, name: "kill\(round)")
                let stopped = try await Self.expect(.stop, of: group, name: "stop\(round)")
                #expect(killed.history.operations.count > 100 && stopped.history.operations.count > 100)
            }
        }
    }

    @Test func `a leader that is cut off answers nothing, and answers again when healed`() async throws {
        try await Self.run { group in
            for cut in NetworkLab.Cut.allCases {
                let disturbance = FailoverTrial.Disturbance.cut(cut, leader: true, lasting: Self.cut)
                _ = try await Self.expect(disturbance, of: group, name: "leader-\(cut)")
            }
        }
    }

    @Test func `a follower that is cut off answers nothing, and disturbs nobody`() async throws {
        try await Self.run { group in
            for cut in NetworkLab.Cut.allCases {
                let disturbance = FailoverTrial.Disturbance.cut(cut, leader: false, lasting: Self.cut)
                let result = try await Self.expect(disturbance, of: group, name: "follower-\(cut)")
                // The leader goes on leading, also when the follower is back.
                #expect(result.gap < .seconds(1))
            }
        }
    }
}
