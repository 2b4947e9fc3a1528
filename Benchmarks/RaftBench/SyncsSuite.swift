import BenchSupport
import Foundation
import Glibc

/// How many syncs a leader of three makes for each committed write, counted by strace.
///
/// The tracer stops a process at its syncs only, so that the group works nearly as fast as without.
enum SyncsSuite {
    private static let members = 3
    private static let clients = 64

    /// What keeps syncs from being counted.
    enum Failure: Error, CustomStringConvertible {
        case noCount(String)

        var description: String {
            switch self {
            case .noCount(let text): "strace counted nothing: \(text)"
            }
        }
    }

    static func run(_ options: BenchOptions, in folder: ScratchFolder) async throws -> Report {
        var report = Report()
        report.line("syncs of the leader for each write; \(Self.members) members, \(Self.clients) clients")
        for system in options.systems {
            Progress.note("syncs: \(system)")
            let scratch = try folder.subfolder("syncs-\(system)")
            let (syncs, writes) = try await Self.count(system, options, in: scratch)
            let share = Double(syncs) / Double(writes)
            let figures = ["\(syncs)", "\(writes)", String(format: "%.4f", share)]
            report.row([system.rawValue] + figures, widths: [7, 8, 8, 8])
            let name = "\(system.figure)-\(Self.members)-fdatasyncs-per-write"
            report.findings.append(.figure(name, share, unit: "1"))
        }
        return report
    }

    private static func count(
        _ system: System,
        _ options: BenchOptions,
        in folder: URL
    ) async throws -> (syncs: Int, writes: Int) {
        var recipes = try system.recipes(Self.members, swarmd: options.swarmd, in: folder)
        for number in recipes.indices {
            // The tracer is a process of its own beside the member's, which keeps its number.
            let tracer = ["strace", "-D", "-f", "--seccomp-bpf", "-c", "-e", "trace=fdatasync,fsync"]
            let output = Self.output(number, in: folder).path
            recipes[number].command = tracer + ["-o", output] + recipes[number].command
        }
        let (leader, writes) = try await MemberGroup.with(system, recipes) { group in
            let leader = try await group.settle()
            let result = try await options.load(Self.clients).run(on: group.endpoints[leader], name: "s")
            return (leader, result.writes)
        }
        return (try await Self.total(Self.output(leader, in: folder)), writes)
    }

    private static func output(_ member: Int, in folder: URL) -> URL {
        folder.appending(path: "strace-\(member)")
    }

    /// The calls in a summary, which the tracer writes when its process is gone.
    private static func total(_ file: URL) async throws -> Int {
        var text = ""
        for _ in 0..<50 {
            text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").last { $0.hasSuffix(" total") }
            let words = line?.split(separator: " ") ?? []
            if words.count > 3, let calls = Int(words[3]) { return calls }
            try await ContinuousClock().sleep(for: .milliseconds(100))
        }
        throw Failure.noCount(text)
    }
}
