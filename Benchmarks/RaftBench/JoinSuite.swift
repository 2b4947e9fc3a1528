import BenchSupport
import Foundation

/// A manager joins a group that holds many tasks, while small writes go on.
///
/// The tasks wait for a node for ever: all nodes are drained.
enum JoinSuite {
    private static let tasksPerService = 1_000
    /// How long making the tasks, or joining, may take.
    private static let patience = Duration.seconds(600)
    /// How long writes are watched without a newcomer, and after one has its vote.
    private static let calm = Duration.seconds(10)

    /// What keeps a join from being measured.
    enum Failure: Error, CustomStringConvertible {
        case noWrites

        var description: String {
            switch self {
            case .noWrites: "no write was acknowledged"
            }
        }
    }

    /// The longest time between two acknowledgements, and the longest that the bare disk took for a write
    /// meanwhile, in milliseconds.
    private struct Gap: Sendable {
        var writes: Double
        var disk: Double
    }

    private struct Result: Sendable {
        var seconds: Double
        var snapshot: Double
        var leader: ProcessMemory
        var newcomer: ProcessMemory
        /// The longest times without a write, without a newcomer and with it.
        var usualGap: Gap
        var gap: Gap
    }

    static func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
        var report = Report()
        guard options.systems.contains(.swarmd) else { return report }
        report.line("a manager joins a group with \(options.tasks) tasks; one client writes to the leader")
        let widths = [7, 10, 13, 11, 11, 13, 13, 12, 8, 12, 8]
        report.row(
            [
                "members", "votes in s", "snapshot MiB", "leader MiB", "its peak", "newcomer MiB", "its peak",
                "ms unwritten", "disk's", "without join", "disk's",
            ],
            widths: widths
        )
        for members in options.members {
            let scratch = try folder.subfolder("join-\(members)")
            defer { try? FileManager.default.removeItem(at: scratch) }
            let result = try await Self.measure(members, options, in: scratch)
            let figures = [
                ("seconds", result.seconds, "s"), ("snapshot", result.snapshot, "MiB"),
                ("leader", result.leader.resident, "MiB"), ("leader-peak", result.leader.peak, "MiB"),
                ("newcomer", result.newcomer.resident, "MiB"), ("newcomer-peak", result.newcomer.peak, "MiB"),
                ("gap", result.gap.writes, "ms"), ("gap-disk", result.gap.disk, "ms"),
                ("gap-without", result.usualGap.writes, "ms"),
                ("gap-without-disk", result.usualGap.disk, "ms"),
            ]
            report.row(["\(members)"] + figures.map { Report.text($0.1) }, widths: widths)
            report.findings += figures.map { .figure("raft-\(members)-join-\($0.0)", $0.1, unit: $0.2) }
        }
        return report
    }

    private static func measure(
        _ members: Int,
        _ options: BenchOptions,
        in folder: URL
    ) async throws -> Result {
        var recipes = try System.swarmd.recipes(members + 1, swarmd: options.swarmd, in: folder)
        for number in recipes.indices { recipes[number].command += ["--availability", "drain"] }
        let newcomer = recipes[members]
        return try await MemberGroup.with(.swarmd, Array(recipes.dropLast())) { group in
            let leader = try await group.settle()
            let endpoint = group.endpoints[leader]
            try await Self.fill(endpoint, options)
            let usualGap = try await Self.gap(on: endpoint, name: "usual", in: folder) {
                try await ContinuousClock().sleep(for: Self.calm)
            }
            Progress.note("join: usual gap \(Report.text(usualGap.writes)) ms; a manager joins")
            return try await Connection.with(endpoint) { connections in
                let connection = connections[0]
                var seconds = 0.0
                var memory: ProcessMemory?
                let gap = try await Self.gap(on: endpoint, name: "join", in: folder) {
                    let began = ContinuousClock.now
                    memory = try await MemberGroup.withMember(newcomer) { daemon in
                        try await connection.follow(within: Self.patience) { $0.voters == members + 1 }
                        seconds = (ContinuousClock.now - began) / .seconds(1)
                        try await ContinuousClock().sleep(for: Self.calm)
                        return ProcessMemory(of: daemon.pid)
                    }
                }
                return Result(
                    seconds: seconds,
                    snapshot: try Self.snapshotSize(in: folder.appending(path: "m\(leader)")),
                    leader: ProcessMemory(of: group.daemon(leader).pid),
                    newcomer: memory ?? ProcessMemory(of: 0),
                    usualGap: usualGap,
                    gap: gap
                )
            }
        }
    }

    /// Makes the tasks, and writes until the log no longer reaches back to its beginning.
    private static func fill(_ leader: Endpoint, _ options: BenchOptions) async throws {
        Progress.note("join: \(options.tasks) tasks are made")
        try await Connection.with(leader) { connections in
            let connection = connections[0]
            let counts = stride(from: options.tasks, to: 0, by: -Self.tasksPerService)
            for (number, rest) in counts.enumerated() {
                try await connection.createService("s\(number)", replicas: min(rest, Self.tasksPerService))
            }
            try await connection.follow(within: Self.patience) { $0.pendingTasks == options.tasks }
            Progress.note("join: the log is filled")
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    for round in 0... {
                        _ = try await options.load(64).run(on: leader, name: "fill\(round)")
                    }
                }
                group.addTask {
                    try await connection.follow(within: Self.patience) { $0.snapshotIndex > 0 }
                }
                try await group.next()
            }
        }
    }

    /// How long writes to the leader stood still at most while `body` runs.
    private static func gap(
        on leader: Endpoint,
        name: String,
        in folder: URL,
        _ body: () async throws -> Void
    ) async throws -> Gap {
        let trickle = Trickle()
        return try await withThrowingTaskGroup(of: Double.self) { tasks in
            tasks.addTask { try await DiskPulse(folder: folder).worst() }
            tasks.addTask {
                await trickle.run(on: [leader], name: name)
                return 0
            }
            defer { tasks.cancelAll() }
            try await ContinuousClock().sleep(for: .seconds(1))
            let began = ContinuousClock.now
            try await body()
            // The write that is under way counts too.
            try await ContinuousClock().sleep(for: .seconds(1))
            let gaps = trickle.gaps(from: began)
            for (start, end) in gaps.sorted(by: { $0.1 - $0.0 > $1.1 - $1.0 }).prefix(3) {
                let (length, place) = ((end - start).milliseconds, (start - began) / .seconds(1))
                Progress.note("join: \(Report.text(length)) ms without a write after \(Report.text(place)) s")
            }
            guard let gap = gaps.map({ $1 - $0 }).max() else { throw Failure.noWrites }
            tasks.cancelAll()
            return Gap(writes: gap.milliseconds, disk: try await tasks.reduce(0, max))
        }
    }

    /// The newest snapshot of the member in `folder`, in MiB.
    private static func snapshotSize(in folder: URL) throws -> Double {
        let snapshots = folder.appending(path: "raft/snapshots")
        let files = try FileManager.default.contentsOfDirectory(
            at: snapshots,
            includingPropertiesForKeys: [.fileSizeKey]
        )
        let newest = files.filter { $0.pathExtension == "snap" }.max { $0.path < $1.path }
        let size = try newest?.resourceValues(forKeys: [.fileSizeKey]).fileSize
        return Double(size ?? 0) / 1_048_576
    }
}
