import ArgumentParser
import BenchSupport
import Foundation
import UnixSignals

/// `swarm-bench-raft`: our raft group and etcd side by side, on this machine's one disk.
@main
struct RaftBench: AsyncParsableCommand {
    /// What is measured.
    enum Suite: String, CaseIterable, ExpressibleByArgument {
        case writes
        case core
        case syncs
        case failover
        case join

        func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
            switch self {
            case .writes: try await WritesSuite.run(options, in: folder)
            case .core: try await CoreSuite.run(options, in: folder)
            case .syncs: try await SyncsSuite.run(options, in: folder)
            case .failover: try await FailoverSuite.run(options, in: folder)
            case .join: try await JoinSuite.run(options, in: folder)
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "swarm-bench-raft",
        abstract: "Measure our raft group and etcd side by side.",
        discussion: "Without names of suites all of them run: writes, core, syncs, failover and join."
    )

    @Argument(help: "The suites to run.")
    var suites: [Suite] = Suite.allCases

    @Option(help: "Measure only this system: swarmd or etcd.")
    var only: System?

    @Option(parsing: .upToNextOption, help: "Sizes of groups.")
    var members: [Int] = [1, 3]

    @Option(parsing: .upToNextOption, help: "Numbers of clients.")
    var clients: [Int] = [1, 8, 64, 256]

    @Option(help: "The most connections that clients share.")
    var connections = 32

    @Option(help: "How often each cell is measured.")
    var rounds = 3

    @Option(help: "Seconds of each round.")
    var seconds = 3.0

    @Option(help: "Seconds of load before each round.")
    var warmUp = 1.0

    @Option(help: "How often a leader is ended in each way.")
    var trials = 10

    @Option(help: "Seconds for which a leader is cut off.")
    var cutSeconds = 30.0

    @Option(help: "Tasks of the group that a manager joins.")
    var tasks = 100_000

    @Option(help: "The daemon to measure (default: the one beside this program).")
    var swarmd: String?

    func validate() throws {
        guard
            (self.members + self.clients + [self.connections, self.rounds, self.trials, self.tasks])
                .allSatisfy({ $0 > 0 }), self.seconds > 0, self.warmUp >= 0, self.cutSeconds > 0
        else { throw ValidationError("numbers must be greater than zero") }
    }

    func run() async throws {
        let options = self.options
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            // An interrupt cancels the suites, which end their daemons and remove their files.
            let interrupts = await UnixSignalsSequence(trapping: .sigint, .sigterm)
            group.addTask {
                for await _ in interrupts { throw ExitCode(130) }
            }
            group.addTask { try await Self.run(self.suites, options) }
            try await group.next()
        }
    }

    private var options: BenchOptions {
        BenchOptions(
            systems: self.only.map { [$0] } ?? System.allCases,
            members: self.members,
            clients: self.clients,
            connections: self.connections,
            rounds: self.rounds,
            duration: .seconds(self.seconds),
            warmUp: .seconds(self.warmUp),
            trials: self.trials,
            cut: .seconds(self.cutSeconds),
            tasks: self.tasks,
            swarmd: self.swarmd.map { URL(filePath: $0) } ?? Products.swarmd
        )
    }

    private static func run(_ suites: [Suite], _ options: BenchOptions) async throws {
        try await ScratchFolder.with("swarm-bench-raft") { folder in
            for suite in suites {
                let report = try await suite.run(options, in: folder)
                print("# \(suite.rawValue)")
                for line in report.text { print(line) }
                for finding in report.findings { print(finding.line) }
            }
        }
    }
}

extension System: ExpressibleByArgument {}
