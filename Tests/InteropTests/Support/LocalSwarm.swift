import BenchSupport
import ControlClient
import Foundation
import Glibc
import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

/// Real daemons of this machine, in a scratch folder: a manager, and workers that join it over loopback.
///
/// Everything is started from the binaries beside the tests and ended by process id; `finish` removes what
/// is left, also after a failure.
final class LocalSwarm {
    /// One daemon: how it is started, and the process while it runs.
    struct Daemon {
        let arguments: [String]
        var wrapper: [String] = []
        var process: Process?
    }

    let folder: URL
    let port: Int
    private(set) var daemons: [String: Daemon] = [:]

    var socket: String { self.folder.appending(path: "swarmd.sock").path }

    init() throws {
        self.folder = FileManager.default.temporaryDirectory.appending(
            path: "swarm-\(UInt32.random(in: 0 ... .max))"
        )
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        self.port = try FreePort.find()
    }

    /// Starts a manager with the executor, waits until it is ready, runs `body`, and cleans up.
    ///
    /// After a failure it prints the last `linesOfLog` lines of each daemon.
    static func run(
        executor: String = "process",
        workers: Int = 0,
        linesOfLog: Int = 40,
        _ body: (LocalSwarm, ControlClient) async throws -> Void
    ) async throws {
        let swarm = try LocalSwarm()
        do {
            try swarm.start("manager", ["--init", "--executor", executor])
            for number in 0..<workers {
                try await swarm.join("worker-\(number + 1)", ["--executor", executor])
            }
            // `body` isn't Sendable, so the connection is scoped here and not by `withConnection`.
            try await swarm.withClient { client in
                try await swarm.waitUntil("\(workers + 1) nodes are ready", within: 30) {
                    try await client.control.listNodes(.init()).nodes.filter { $0.status.state == .ready }
                        .count
                        == workers + 1
                }
                try await body(swarm, client)
            }
        } catch {
            swarm.printLogs(linesOfLog)
            await swarm.finish()
            throw error
        }
        await swarm.finish()
    }

    /// Runs `body` with an empty folder, in which it starts what it needs; kills that, and cleans up.
    static func scratch<Value>(_ body: (LocalSwarm) async throws -> Value) async throws -> Value {
        let swarm = try LocalSwarm()
        defer {
            for name in swarm.daemons.keys { swarm.kill(name) }
            try? FileManager.default.removeItem(at: swarm.folder)
        }
        do {
            return try await body(swarm)
        } catch {
            swarm.printLogs()
            throw error
        }
    }

    /// The local socket of a manager.
    func socket(of name: String) -> String {
        name == "manager" ? self.socket : self.folder.appending(path: "\(name).sock").path
    }

    /// The state directory of the daemon `name`.
    func directory(of name: String) -> URL { self.folder.appending(path: name) }

    /// What the daemon `name` writes to its standard streams, of all its lives.
    func log(of name: String) -> URL { self.folder.appending(path: "\(name).log") }

    /// Runs `body` with a connection to the manager `name`.
    func withClient(
        of name: String = "manager",
        _ body: (ControlClient) async throws -> Void
    ) async throws {
        let socket = self.socket(of: name)
        let (clients, hand) = AsyncStream.makeStream(
            of: ControlClient.self,
            bufferingPolicy: .bufferingOldest(1)
        )
        let (ends, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        async let connection: Void = ControlClient.withConnection(to: socket) { client in
            hand.yield(client)
            for await _ in ends {}
        }
        defer { end.finish() }
        for await client in clients {
            try await body(client)
            break
        }
        end.finish()
        try await connection
    }

    /// Starts the daemon `name`, which joins by way of the first manager.
    func join(_ name: String, as role: String = "worker", _ arguments: [String]) async throws {
        let token = try await self.token(of: role)
        try self.start(name, ["--join", "127.0.0.1:\(self.port)", "--token", token] + arguments)
    }

    /// The token of `role`, from the first manager, as soon as that answers.
    func token(of role: String) async throws -> String {
        var token = ""
        try await self.waitUntil("the first manager gives a token", within: 30) {
            token = try JoinTokens.token(of: role, swarmd: Products.swarmd, socket: self.socket)
            return true
        }
        return token
    }

    /// Starts the daemon `name`, with a socket of its own, and a port of its own where no `address` is given.
    ///
    /// A later start takes what it is from its directory. `wrapper` is a program that runs the
    /// command line that follows it in its own place.
    func start(
        _ name: String,
        _ arguments: [String],
        at address: String? = nil,
        in wrapper: [String] = []
    ) throws {
        self.daemons[name] = Daemon(
            arguments: try self.commandLine(name, arguments, at: address),
            wrapper: wrapper,
            process: nil
        )
        try self.restart(name)
    }

    /// The arguments of the daemon `name`.
    func commandLine(_ name: String, _ arguments: [String], at address: String? = nil) throws -> [String] {
        let port = name == "manager" ? self.port : try FreePort.find()
        return [
            "run", "--state-dir", self.directory(of: name).path, "--hostname", name,
            "--socket", self.socket(of: name), "--listen-addr", address ?? "127.0.0.1:\(port)",
        ] + arguments
    }

    /// Starts a stopped daemon again, with the same command line.
    func restart(_ name: String) throws {
        guard let daemon = self.daemons[name], daemon.process == nil else { return }
        let log = self.log(of: name)
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        let process = Process()
        let line = daemon.wrapper + [Products.swarmd.path] + daemon.arguments
        process.executableURL = URL(filePath: line[0])
        process.arguments = Array(line.dropFirst())
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.daemons[name]?.process = process
    }

    /// Ends the daemon with `signal` and waits for its end.
    func kill(_ name: String, _ signal: Int32 = SIGKILL) {
        guard let process = self.daemons[name]?.process else { return }
        Glibc.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        self.daemons[name]?.process = nil
    }

    /// Waits until the daemon ends by itself; returns its exit code and the last line that it wrote.
    func end(of name: String, within seconds: Int = 10) async throws -> (status: Int32, line: String) {
        let process = try #require(self.daemons[name]?.process)
        try await self.waitUntil("\(name) has stopped", within: seconds) { !process.isRunning }
        self.daemons[name]?.process = nil
        let log = try self.logText(of: name)
        return (process.terminationStatus, log.split(separator: "\n").last.map(String.init) ?? "")
    }

    /// The result of a command of ours.
    struct Output {
        var status: Int32
        var out: String
        var err: String
    }

    /// Runs `program` (swarmd or swarmtop) against the manager.
    func command(
        _ program: String,
        _ arguments: [String],
        on name: String = "manager"
    ) throws -> Output {
        let process = Process()
        process.executableURL = Products.folder.appending(path: program)
        process.arguments = arguments
        let socket = ["SWARM_SOCKET": self.socket(of: name)]
        process.environment = ProcessInfo.processInfo.environment.merging(socket) { $1 }
        process.standardInput = FileHandle.nullDevice
        let (out, err) = (self.folder.appending(path: "out"), self.folder.appending(path: "err"))
        for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        return Output(
            status: process.terminationStatus,
            out: try String(contentsOf: out, encoding: .utf8),
            err: try String(contentsOf: err, encoding: .utf8)
        )
    }

    /// How much longer a wait may take than on a machine that does nothing else: what a wait is for comes to pass,
    /// or does not; how soon is measured elsewhere.
    private static let patience = 3

    /// Waits until `condition` holds; a condition that throws does not hold yet.
    func waitUntil(
        _ what: String,
        within seconds: Int,
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds * Self.patience)
        while ContinuousClock.now < deadline {
            if let holds = try? await condition(), holds { return }
            try await ContinuousClock().sleep(for: .milliseconds(25))
        }
        struct GaveUp: Error { let waitingFor: String }
        throw GaveUp(waitingFor: what)
    }

    /// Ends the tasks and the daemons, and removes the folder.
    private func finish() async {
        for name in self.daemons.keys { try? self.restart(name) }
        // Which of them manage may have changed.
        for name in self.daemons.keys where (try? await self.endTasks(by: name)) != nil { break }
        for name in self.daemons.keys { self.kill(name, SIGTERM) }
        try? FileManager.default.removeItem(at: self.folder)
    }

    /// Ends all tasks by way of the manager `name`.
    private func endTasks(by name: String) async throws {
        try await self.withClient(of: name) { client in
            for service in try await client.control.listServices(.init()).services {
                _ = try await client.control.removeService(.with { $0.serviceID = service.id })
            }
            try await self.waitUntil("the tasks are gone", within: 20) {
                try await client.control.listTasks(.init()).tasks.isEmpty
            }
        }
    }

    /// What the daemon `name` wrote so far.
    func logText(of name: String) throws -> String {
        // A crash may have cut a character in two.
        String(decoding: try Data(contentsOf: self.log(of: name)), as: UTF8.self)
    }

    private func printLogs(_ lines: Int = 40) {
        for name in self.daemons.keys.sorted() {
            let log = (try? self.logText(of: name)) ?? ""
            let last = log.split(separator: "\n").suffix(lines).joined(separator: "\n")
            FileHandle.standardError.write(Data("--- \(name)\n\(last)\n".utf8))
        }
    }
}
