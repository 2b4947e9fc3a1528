import BenchSupport
import ControlClient
import Foundation
import SwarmAPI
import Synchronization
import Testing

/// A manager that is killed at one of its syncs or renames loses nothing that it acknowledged.
///
/// Every one of them is tried, in a first start and in a life among new segments and snapshots.
@Suite(.serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: SyncTrap.strace)))
struct KillAtSyncTests {
    /// What is run, again and again.
    private struct Story: Sendable {
        let name: String
        /// Names of files that are replaced in it; else it would not be the story that it is meant to be.
        let files: [String]
        let script: @Sendable () -> WriteScript
        let prepare: @Sendable (String) throws -> Void
    }

    /// The places that are left, for whoever is free next.
    private final class Places: Sendable {
        private let rest: Mutex<ClosedRange<Int>.SubSequence>
        private let killed = Mutex(0)

        init(_ places: ClosedRange<Int>) { self.rest = Mutex(places[...]) }

        var kills: Int { self.killed.withLock { $0 } }

        func next() -> Int? { self.rest.withLock { $0.popFirst() } }

        func noteKill() { self.killed.withLock { $0 += 1 } }
    }

    private static let arguments = ["--init", "--executor", "simulated"]
    /// Rounds at a time.
    private static let lanes = 2

    @Test func `killed at any sync of its first start, a manager comes up with all it acknowledged`()
        async throws
    {
        try await Self.tell(
            Story(
                name: "first start",
                files: ["state.json", "swarm-node.key", "swarm-node.crt", ".log", "member"],
                script: { WriteScript(writes: 2, bytes: 200) },
                prepare: { _ in }
            )
        )
    }

    @Test func `killed at any sync among new segments and snapshots, it comes up with all it acknowledged`()
        async throws
    {
        try await Self.tell(
            Story(
                name: "segments and snapshots",
                files: [".log", ".snap"],
                script: { WriteScript(writes: 10, bytes: 3000) },
                prepare: PreparedManager.make
            )
        )
    }

    private static func tell(_ story: Story) async throws {
        let whole = try await Self.round(story, killAt: nil)
        #expect(!whole.isKilled)
        for file in story.files {
            #expect(whole.renames.contains { $0.contains("\(file)\"") }, "\(file)")
        }
        let count = whole.calls.count
        let places = Places(1...count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.lanes {
                group.addTask {
                    while let place = places.next() {
                        if try await Self.round(story, killAt: place).isKilled { places.noteKill() }
                    }
                }
            }
            try await group.waitForAll()
        }
        let text = "\(story.name): killed at \(places.kills) of \(count) syncs and renames\n"
        FileHandle.standardError.write(Data(text.utf8))
        // Runs differ by a few syncs, as commits share them or not.
        #expect(places.kills >= count * 3 / 4)
    }

    /// Runs the story once, kills at sync `victim`, starts again and looks.
    private static func round(_ story: Story, killAt victim: Int?) async throws -> SyncTrap.Outcome {
        try await LocalSwarm.scratch { swarm in
            try story.prepare(swarm.directory(of: "manager").path)
            let script = story.script()
            let socket = swarm.socket
            let line = try [Products.swarmd.path] + swarm.commandLine("manager", Self.arguments)
            let outcome = try await SyncTrap.run(line, killAt: victim, log: swarm.log(of: "manager")) {
                stop in
                try await script.run(on: socket)
                stop()
            }
            let place = "at \(victim ?? 0) of the \(story.name): \(outcome.calls.last ?? "")"
            if !outcome.isKilled {
                #expect(script.acknowledged == script.writes, "\(place)")
            }
            try swarm.start("manager", Self.arguments)
            try await swarm.waitUntil("the manager takes writes, killed \(place)", within: 20) {
                try await swarm.writeConfig("after", bytes: 1)
                return true
            }
            let configs = try await swarm.configs().filter { $0.spec.annotations.name != "after" }
            #expect(script.fault(in: configs) == nil, "\(place)")
            // It may be writing a snapshot of its own just now.
            try await swarm.waitUntil("nothing is unfinished, killed \(place)", within: 5) {
                Self.unfinished(in: swarm.directory(of: "manager")).isEmpty
            }
            return outcome
        }
    }

    /// The files of the log that are not finished.
    private static func unfinished(in directory: URL) -> [String] {
        let files = FileManager.default.enumerator(atPath: directory.appending(path: "raft").path)
        return files?.compactMap { $0 as? String }.filter { $0.hasSuffix(".tmp") } ?? []
    }
}
