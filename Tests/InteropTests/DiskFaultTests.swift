import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

/// A manager whose disk fails, is full, or lies: it stops with one line that says what to do, changes nothing,
/// and has all that it acknowledged when the fault is gone.
@Suite(.serialized) struct DiskFaultTests {
    private static let arguments = ["--init", "--executor", "simulated"]

    /// Starts a manager in `wrapper`, and waits until it answers.
    private static func start(_ swarm: LocalSwarm, in wrapper: [String] = []) async throws {
        try swarm.start("manager", Self.arguments, in: wrapper)
        try await Self.waitForAnswer(swarm)
    }

    /// Starts the stopped manager again, and waits until it answers.
    private static func restart(_ swarm: LocalSwarm) async throws {
        try swarm.restart("manager")
        try await Self.waitForAnswer(swarm)
    }

    private static func waitForAnswer(_ swarm: LocalSwarm) async throws {
        try await swarm.waitUntil("the manager answers", within: 20) {
            _ = try await swarm.configs()
            return true
        }
    }

    /// The lines by which the daemon said why it stopped.
    private static func complaints(_ swarm: LocalSwarm, of name: String = "manager") throws -> [Substring] {
        let log = try swarm.logText(of: name)
        return log.split(separator: "\n").filter { $0.hasPrefix("swarmd: ") }
    }

    // MARK: A disk that fails

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: SyncTrap.strace)),
        arguments: ["fdatasync", "pwrite64"]
    )
    func `an error of the disk is not tried again, not acknowledged, and ends the manager`(
        call: String
    ) async throws {
        try await LocalSwarm.scratch { swarm in
            try await Self.start(swarm)
            for number in 1...3 { try await swarm.writeConfig("c\(number)", bytes: 100) }
            let segment = try #require(RaftFiles(in: swarm.directory(of: "manager")).segments.last)
            let program = try #require(swarm.daemons["manager"]?.process?.processIdentifier)
            let calls = try FailingCalls(call, on: segment, of: program, error: "EIO", folder: swarm.folder)
            defer { calls.detach() }
            try await swarm.waitUntil("strace is attached", within: 10) { calls.isAttached }

            await #expect(throws: (any Error).self) { try await swarm.writeConfig("c4", bytes: 100) }
            let end = try await swarm.end(of: "manager")
            #expect(end.status == 1)
            let operation = call == "pwrite64" ? "write" : call
            #expect(
                end.line.hasPrefix("swarmd: \(operation) \(segment.path): Input/output error"),
                "\(end.line)"
            )
            #expect(end.line.hasSuffix("see to the disk, then start again"), "\(end.line)")
            #expect(try Self.complaints(swarm).count == 1)
            #expect(calls.failures.count == 1, "\(calls.failures)")

            try await Self.restart(swarm)
            let names = try await swarm.configNames()
            // The last one was refused, and yet may be there: its bytes had reached the file.
            #expect(Array(names.prefix(3)) == ["c1", "c2", "c3"])
            try await swarm.writeConfig("c5", bytes: 100)
        }
    }

    // MARK: A full disk

    @Test(.enabled(if: SmallDisk.isAvailable))
    func `a full disk ends the manager, and with room again it has everything`() async throws {
        try await LocalSwarm.scratch { swarm in
            // Room for one segment, a file of the record of changes, and what is beside them.
            let disk = try SmallDisk(at: swarm.directory(of: "manager"), megabytes: 24)
            defer { disk.remove() }
            try await swarm.waitUntil("the disk is there", within: 10) { disk.isMounted }
            try await Self.start(swarm, in: disk.entrance)
            try disk.fill()
            var written = 0
            while written < 40, (try? await swarm.writeConfig("c\(written + 1)", bytes: 900_000)) != nil {
                written += 1
            }
            #expect(written > 10 && written < 20, "a segment has 16 MiB")
            let end = try await swarm.end(of: "manager")
            #expect(end.status == 1)
            let segments = RaftFiles(in: swarm.directory(of: "manager")).folder.path + "/log/"
            #expect(
                end.line.contains(segments) && end.line.contains("No space left on device"),
                "\(end.line)"
            )
            #expect(end.line.hasSuffix("make room on that disk, then start again"), "\(end.line)")
            #expect(try Self.complaints(swarm).count == 1)

            try disk.makeRoom()
            // More room than there was: the log needs another segment.
            try disk.grow(toMegabytes: 60)
            try await Self.restart(swarm)
            let names = try await swarm.configNames()
            #expect(names.filter { (1...written).map { "c\($0)" }.contains($0) }.count == written)
            try await swarm.writeConfig("after", bytes: 900_000)
        }
    }

    // MARK: A disk that lies

    /// Damage to one file of a manager, and what the message has to say of it.
    private struct Damage {
        let name: String
        let file: URL
        let offset: Int
        var words = "is damaged at offset"
    }

    @Test func `a flipped bit in any file of the log is told, and nothing is changed`() async throws {
        try await LocalSwarm.scratch { swarm in
            let directory = swarm.directory(of: "manager")
            try PreparedManager.make(at: directory.path)
            try await Self.start(swarm)
            let script = WriteScript(writes: 10, bytes: 3000)
            try await script.run(on: swarm.socket)
            let files = RaftFiles(in: directory)
            try await swarm.waitUntil("there is a snapshot", within: 10) { !files.snapshots.isEmpty }
            swarm.kill("manager", SIGTERM)

            for damage in try Self.damages(files) {
                try RaftFiles.flip(damage.file, at: damage.offset)
                let before = files.contents
                try swarm.restart("manager")
                let end = try await swarm.end(of: "manager")
                #expect(end.status == 1, "\(damage.name)")
                #expect(
                    end.line.hasPrefix("swarmd: \(damage.file.path) \(damage.words)"),
                    "\(damage.name): \(end.line)"
                )
                #expect(end.line.contains("swarmd node rm") && end.line.contains("restore"), "\(end.line)")
                #expect(files.contents == before, "\(damage.name)")
                try RaftFiles.flip(damage.file, at: damage.offset)
            }
            try await Self.restart(swarm)
            #expect(script.fault(in: try await swarm.configs()) == nil)
        }
    }

    private static func damages(_ files: RaftFiles) throws -> [Damage] {
        let (old, new) = (try #require(files.segments.first), try #require(files.segments.last))
        let snapshot = try #require(files.snapshots.last)
        #expect(old != new)
        let records = (old: try RaftFiles.records(of: old), new: try RaftFiles.records(of: new))
        return [
            Damage(name: "header of an old segment", file: old, offset: 50),
            Damage(name: "first bytes of an old segment", file: old, offset: 0, words: "is not a file of"),
            Damage(name: "record of an old segment", file: old, offset: records.old[5].lowerBound + 50),
            Damage(name: "length in an old segment", file: old, offset: records.old[7].lowerBound + 4),
            Damage(
                name: "last record of an old segment",
                file: old,
                offset: records.old.last?.lowerBound ?? 0
            ),
            Damage(name: "committed record of the newest", file: new, offset: records.new[1].lowerBound + 60),
            Damage(name: "head of the snapshot", file: snapshot, offset: 40),
            Damage(name: "body of the snapshot", file: snapshot, offset: 500),
            Damage(name: "identity", file: files.folder.appending(path: "member"), offset: 17),
        ]
    }

    @Test func `a segment that is gone is missed`() async throws {
        try await LocalSwarm.scratch { swarm in
            let directory = swarm.directory(of: "manager")
            try PreparedManager.make(at: directory.path)
            let gone = RaftFiles(in: directory).segments[3]
            try FileManager.default.removeItem(at: gone)
            try swarm.start("manager", Self.arguments)
            let end = try await swarm.end(of: "manager")
            #expect(end.status == 1)
            #expect(end.line.contains("segment 4 is missing") && end.line.contains("restore"), "\(end.line)")
        }
    }

    @Test(arguments: [8, 100, 250])
    func `a record that a crash tore is cut off, and all before it is there`(bytes: Int) async throws {
        try await LocalSwarm.scratch { swarm in
            try await Self.start(swarm)
            for number in 1...3 { try await swarm.writeConfig("c\(number)", bytes: 400) }
            for round in 0..<2 {
                swarm.kill("manager")
                let segment = try #require(RaftFiles(in: swarm.directory(of: "manager")).segments.last)
                let end = try RaftFiles.records(of: segment).last?.upperBound
                try RaftFiles.tear(segment, bytes: bytes)
                try await Self.restart(swarm)
                #expect(try await swarm.configNames().prefix(3) == ["c1", "c2", "c3"])
                #expect(try RaftFiles.records(of: segment).contains { $0.lowerBound == end })
                try await swarm.writeConfig("d\(round)", bytes: 400)
            }
        }
    }

    // MARK: In a group

    @Test func `the others go on without a damaged member, and it comes back as its message says`()
        async throws
    {
        try await LocalSwarm.runGroup { swarm in
            let victim = "manager-3"
            for number in 1...5 { try await swarm.writeConfig("c\(number)", bytes: 400) }
            try await swarm.waitUntil("the victim has them, and the cluster has its name", within: 20) {
                guard try await swarm.configs(on: victim).count == 5 else { return false }
                return try swarm.command("swarmd", ["node", "ls"]).out.contains(victim)
            }
            swarm.kill(victim)
            let segment = try #require(RaftFiles(in: swarm.directory(of: victim)).segments.last)
            let record = try RaftFiles.records(of: segment)[4]
            try RaftFiles.flip(segment, at: record.lowerBound + 50)
            try swarm.restart(victim)
            let end = try await swarm.end(of: victim)
            #expect(end.status == 1 && end.line.contains("\(segment.path) is damaged"), "\(end.line)")
            try await swarm.writeConfig("c6", bytes: 400)

            // "remove this one there (`swarmd node update --role worker NODE`, `swarmd node rm NODE`) ..."
            try await swarm.waitUntil("it is demoted: the other two answer", within: 10) {
                let demoted = try swarm.command("swarmd", ["node", "update", "--role", "worker", victim])
                return demoted.status == 0
            }
            try await swarm.waitUntil("the node is down and can be removed", within: 20) {
                try swarm.command("swarmd", ["node", "rm", victim]).status == 0
            }
            try await swarm.waitUntil("the group has two members", within: 10) {
                try await swarm.raft(asking: "manager").members.count == 2
            }
            // "... and join again with an empty --state-dir"
            try FileManager.default.removeItem(at: swarm.directory(of: victim))
            try await swarm.startManager(victim)
            try await swarm.waitForVoters(3)
            try await swarm.waitUntil("it has everything", within: 10) {
                try await swarm.configs(on: victim).count == 6
            }
        }
    }
}
