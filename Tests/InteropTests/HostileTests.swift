import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// What strangers try on the listener of a real manager, with what `openssl` makes for them.
@Suite(.serialized) struct HostileTests {
    /// How many connections are tried; the promise is about ten thousand.
    private static let connections =
        ProcessInfo.processInfo.environment["SWARM_HOSTILE_CONNECTIONS"].flatMap(Int.init) ?? 1_000
    /// Enough that whatever is kept for later is there.
    private static let warmUp = 400
    /// Fewer than a listener lets one address begin.
    private static let (atOnce, slow) = (8, 30)

    /// What the process of a daemon holds.
    private struct Holdings {
        let kibibytes: Int
        let descriptors: Int

        init(of pid: Int32) throws {
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            self.kibibytes = try #require(
                line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
            )
            self.descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        }
    }

    /// Runs `body` with a manager under the root of `files`.
    private static func run(
        _ body: (LocalSwarm, HostileFiles, HostileCaller) async throws -> Void
    ) async throws {
        try await LocalSwarm.scratch { swarm in
            let files = try HostileFiles(in: swarm.folder.appending(path: "hostile"))
            try swarm.start("manager", ["--executor", "simulated"])
            let initialize = ["init", "--ca-cert", files.root.path, "--ca-key", files.rootKey.path]
            try await swarm.waitUntil("a cluster is made", within: 20) {
                try swarm.command("swarmd", initialize).status == 0
            }
            var cluster = ""
            try await swarm.withClient { client in
                cluster = try await client.control.listClusters(.init()).clusters.first?.id ?? ""
            }
            try files.makeCertificates(cluster: cluster)
            let token = try await swarm.token(of: "worker")
            let caller = try HostileCaller(port: swarm.port, files: files, token: token)
            try await body(swarm, files, caller)
        }
    }

    /// Tries each kind in its turn, `count` times in all, some at a time.
    private static func attack(_ caller: HostileCaller, _ count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let kinds = HostileCaller.Kind.allCases
            for number in 0..<count {
                if number >= Self.atOnce { try await group.next() }
                group.addTask { try await caller.call(kinds[number % kinds.count]) }
            }
            try await group.waitForAll()
        }
    }

    private static func dawdle(_ caller: HostileCaller) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.slow { group.addTask { try await caller.dawdle() } }
            try await group.waitForAll()
        }
    }

    /// How often a manager refused something, by reason.
    private static func refusals(_ swarm: LocalSwarm) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        try await swarm.withClient { client in
            let refusals = try await client.status()?.trust.refusals ?? []
            counts = Dictionary(uniqueKeysWithValues: refusals.map { ($0.reason, Int($0.count)) })
        }
        return counts
    }

    @Test func `strangers are refused, counted and logged once, and leave nothing behind`() async throws {
        try await Self.run { swarm, files, caller in
            let start = ContinuousClock.now
            for certificate in HostileFiles.Certificate.allCases {
                #expect(try !files.isTaken(certificate, port: swarm.port), "\(certificate) was taken")
            }
            try await Self.attack(caller, Self.warmUp)
            let pid = try #require(swarm.daemons["manager"]?.process?.processIdentifier)
            let before = try Holdings(of: pid)
            async let slow: Void = Self.dawdle(caller)
            try await Self.attack(caller, Self.connections - Self.slow)
            try await slow
            var after = try Holdings(of: pid)
            try await swarm.waitUntil("the connections are closed", within: 10) {
                after = try Holdings(of: pid)
                return after.descriptors <= before.descriptors + 5
            }
            print(
                "\(Self.connections) connections: \(before) became \(after), \(ContinuousClock.now - start)"
            )
            #expect(after.kibibytes <= before.kibibytes * 115 / 100, "\(before) became \(after)")

            // Of eight kinds four are about certificates, one is no handshake, and some are slow.
            let rounds = (Self.warmUp + Self.connections - Self.slow) / HostileCaller.Kind.allCases.count
            let counts = try await Self.refusals(swarm)
            #expect(counts["untrusted certificate"] ?? 0 >= 4 * rounds, "\(counts)")
            #expect(counts["handshake"] ?? 0 >= rounds, "\(counts)")
            #expect(counts["slow handshake"] ?? 0 >= Self.slow, "\(counts)")
            #expect(counts["wrong token"] ?? 0 >= rounds, "\(counts)")
            #expect(counts["bad certificate request"] ?? 0 > 0, "\(counts)")
            try Self.expectFewLines(in: swarm.logText(of: "manager"), since: start)
            // It still lets in whom it should.
            try await swarm.join("worker", ["--executor", "simulated"])
            try await swarm.waitUntil("a node joins", within: 20) {
                try swarm.command("swarmd", ["node", "ls"]).out.split(separator: "\n").count == 3
            }
        }
    }

    /// Each reason is told once a minute.
    private static func expectFewLines(in log: String, since start: ContinuousClock.Instant) {
        let minutes = Int((ContinuousClock.now - start).components.seconds / 60)
        let lines = log.split(separator: "\n").filter { $0.contains(" warning ") }
        for reason in [
            "its certificate is not valid here", "its handshake failed",
            "it did not finish its handshake in time", "wrong token", "bad certificate request",
        ] {
            let told = lines.count { $0.contains("reason=\(reason)") }
            #expect((1...minutes + 1).contains(told), "\(reason): \(told) lines")
        }
        // Details are a peer's doing, and not where in a library it was noticed.
        let details = lines.filter { $0.contains("detail=") }
        #expect(details.allSatisfy { !$0.contains(".cc:") && !$0.contains(".swift:") }, "\(details)")
    }
}
