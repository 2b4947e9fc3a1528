import BenchSupport
import ControlClient
import Foundation
import Glibc
import NetworkLab
import SwarmAPI
import Synchronization

/// Managers and workers on machines of their own, joined as an operator does it: by the lines that are printed.
final class TrustLab: Sendable {
    /// What keeps a test from going on.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let port = 4242

    let lab: NetworkLab
    let managers: Int
    let count: Int
    let folder: URL
    /// Nil while a daemon is not running.
    private let daemons: Mutex<[Daemon?]>

    private init(_ lab: NetworkLab, managers: Int, workers: Int, in folder: URL) {
        self.lab = lab
        self.managers = managers
        self.count = managers + workers
        self.folder = folder
        self.daemons = Mutex(Array(repeating: nil, count: managers + workers))
    }

    /// Makes a cluster, waits until all nodes are ready, runs `body`, and removes everything.
    ///
    /// `initializing` is told of a folder for its files, and says what `swarmd init` is given.
    static func with(
        managers: Int,
        workers: Int,
        initializing: (URL) throws -> [String] = { _ in [] },
        _ body: (TrustLab) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "trust-\(UInt32.random(in: 0 ... .max))"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = try initializing(folder)
        try await NetworkLab.with(machines: managers + workers) { lab in
            let trust = TrustLab(lab, managers: managers, workers: workers, in: folder)
            defer { trust.end() }
            do {
                try await trust.form(arguments)
                try await body(trust)
            } catch {
                trust.printLogs()
                throw error
            }
        }
    }

    /// Starts all daemons, makes a cluster of the first, and has the others join it.
    private func form(_ arguments: [String]) async throws {
        for node in 0..<self.count { try self.start(node) }
        for node in 0..<self.count {
            try await self.wait("daemon \(node) listens", within: 20) {
                FileManager.default.fileExists(atPath: self.socket(node))
            }
        }
        let made = try await self.swarmd(["init"] + arguments, on: 0)
        let more = try await self.swarmd(["join-token", "manager"], on: 0)
        let (worker, manager) = (try Self.joining(in: made), try Self.joining(in: more))
        for node in 1..<self.count {
            let line = node < self.managers ? manager : worker
            let path = "\(Products.folder.path):/usr/sbin:/usr/bin:/sbin:/bin"
            // The line is run as it stands: what is not in it comes from the environment.
            _ = try await Shell.run(
                ["/bin/sh", "-c", line],
                environment: ["PATH": path, "SWARM_SOCKET": self.socket(node)]
            ).succeeding()
        }
        try await self.wait("all nodes are ready", within: 30) { try await self.readyNodes() == self.count }
        try await self.waitForVoters()
    }

    /// The line that an operator copies.
    private static func joining(in text: String) throws -> String {
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let line = lines.first(where: { $0.hasPrefix("swarmd join ") }) else {
            throw Failure(description: "no line to join by in:\n\(text)")
        }
        return line
    }

    /// The local socket of a node's daemon.
    func socket(_ node: Int) -> String { self.folder.appending(path: "n\(node).sock").path }

    /// A node's state directory.
    func directory(_ node: Int) -> URL { self.folder.appending(path: "n\(node)") }

    /// A file with a node's certificate or key, or the root certificate.
    func file(_ name: String, of node: Int) -> String {
        self.directory(node).appending(path: "certificates/\(name)").path
    }

    /// Its text.
    func text(_ name: String, of node: Int) throws -> String {
        try String(contentsOfFile: self.file(name, of: node), encoding: .utf8)
    }

    /// What a daemon has logged so far.
    func log(_ node: Int) -> String {
        let data = try? Data(contentsOf: self.folder.appending(path: "n\(node).log"))
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    /// Runs a command of ours against a node's daemon; returns what it prints.
    func swarmd(_ arguments: [String], on node: Int, input: String? = nil) async throws -> String {
        try await self.trySwarmd(arguments, on: node, input: input).succeeding().out
    }

    /// Runs a command of ours that may fail.
    func trySwarmd(_ arguments: [String], on node: Int, input: String? = nil) async throws -> Shell {
        try await Shell.run(
            [Products.swarmd.path] + arguments,
            environment: ["SWARM_SOCKET": self.socket(node)],
            input: input
        )
    }

    /// Runs `body` with a connection to a manager.
    func client<Value: Sendable>(
        _ node: Int,
        _ body: @Sendable @escaping (ControlClient) async throws -> Value
    ) async throws -> Value {
        try await ControlClient.withConnection(to: self.socket(node), body)
    }

    /// How many nodes are ready, as a manager sees it.
    func readyNodes(asking node: Int = 0) async throws -> Int {
        try await self.client(node) { try await $0.nodes() }.count { $0.status.state == .ready }
    }

    /// Whether a manager sees a rotation of the root under way.
    func isRotating(asking node: Int) async throws -> Bool {
        try await self.client(node) { try await $0.cluster() }.rootCa.hasRootRotation
    }

    /// The manager that leads, as a running one sees it.
    func leader(asking node: Int = 0) async throws -> Int {
        let id = try await self.client(node) { try await $0.status() }?.raft.leaderID ?? ""
        let nodes = try await self.client(node) { try await $0.nodes() }
        let name = nodes.first { $0.id == id }?.description_p.hostname ?? ""
        guard name.hasPrefix("n"), let leader = Int(name.dropFirst()) else {
            throw Failure(description: "no manager leads")
        }
        return leader
    }

    /// Waits until all managers vote and answer.
    func waitForVoters() async throws {
        try await self.wait("all managers vote", within: 30) {
            let status = try await self.client(try await self.leader()) { try await $0.status() }
            let members = status?.raft.members ?? []
            return members.count { !$0.learner && ($0.reachable || $0.leader) } == self.managers
        }
    }

    /// Starts a daemon, which goes on where it was.
    func start(_ node: Int) throws {
        let command = [
            Products.swarmd.path, "run", "--state-dir", self.directory(node).path, "--socket",
            self.socket(node), "--hostname", "n\(node)", "--executor", "simulated",
        ]
        let daemon = try Daemon(
            self.lab.command(command, on: node),
            log: self.folder.appending(path: "n\(node).log")
        )
        self.daemons.withLock { $0[node] = daemon }
    }

    /// A daemon's process; nil while it is not running.
    func pid(of node: Int) -> Int32? { self.daemons.withLock { $0[node]?.pid } }

    /// Sends a daemon a signal.
    func signal(_ node: Int, _ signal: Int32) { self.daemons.withLock { $0[node] }?.signal(signal) }

    /// Kills a daemon, and returns when it is gone.
    func kill(_ node: Int) async throws {
        guard let daemon = self.daemons.withLock({ $0[node] }) else { return }
        daemon.signal(SIGKILL)
        while daemon.isRunning { try await ContinuousClock().sleep(for: .milliseconds(1)) }
        self.daemons.withLock { $0[node] = nil }
    }

    /// Looks again and again until `condition` holds; one that throws does not hold yet.
    func wait(_ what: String, within seconds: Int, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var last: (any Error)?
        while ContinuousClock.now < deadline {
            do { if try await condition() { return } } catch { last = error }
            try await ContinuousClock().sleep(for: .milliseconds(25))
        }
        throw Failure(description: "gave up waiting until \(what)\(last.map { ": \($0)" } ?? "")")
    }

    private func end() {
        let daemons = self.daemons.withLock { $0.compactMap(\.self) }
        for daemon in daemons {
            daemon.signal(SIGKILL)
            daemon.end()
        }
    }

    private func printLogs() {
        for node in 0..<self.count {
            let last = self.log(node).split(separator: "\n").suffix(40).joined(separator: "\n")
            FileHandle.standardError.write(Data("--- n\(node)\n\(last)\n".utf8))
        }
    }
}
