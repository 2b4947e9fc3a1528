import BenchSupport
import Foundation
import Glibc

/// A stock Docker Engine with nothing of this machine's but its kernel: its files are in a folder of their own.
final class DockerEngine: Sendable {
    /// An engine that did not do what it was told.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The name of the engine's machine.
    static let host = "engine"
    /// An image with nothing but busybox.
    static let image = "busybox:test"

    private static let program = "/usr/sbin/dockerd"
    private static let client = "/usr/bin/docker"
    private static let busybox = "/usr/bin/busybox"
    private static let patience = Duration.seconds(30)
    /// Hides what other engines of this machine have, and gives its place to the engine.
    private static let script = """
        set -e
        hostname \(host)
        mount -t tmpfs tmpfs /run
        if [ -d /etc/docker ]; then mount -t tmpfs tmpfs /etc/docker; fi
        export DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1
        exec \(program) --debug --data-root "$0/data" --exec-root /run/docker --pidfile "$0/pid" \
            --host "unix://$0/docker.sock" --cgroup-parent "$1"
        """

    private let daemon: Daemon
    private let folder: URL
    private let cgroup: String

    /// Why there can be none here; nil if there can.
    static let obstacle: String? = {
        guard geteuid() == 0 else { return "a Docker Engine needs root" }
        for file in [program, client, busybox] where access(file, X_OK) != 0 { return "there is no \(file)" }
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "engine-\(UInt32.random(in: 0 ... .max))"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let engine = try DockerEngine(in: folder) { ["unshare", "--net"] + $0 }
            defer { engine.end() }
            try engine.waitUntilReady()
            return nil
        } catch {
            return "no Docker Engine runs here: \(error)"
        }
    }()

    /// Starts an engine with its files in the new folder `folder`; `inside` tells how to run a command on its machine.
    init(in folder: URL, _ inside: ([String]) -> [String]) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        self.cgroup = folder.lastPathComponent
        let own = ["unshare", "--mount", "--uts", "--propagation", "private", "/bin/sh", "-c", Self.script]
        self.daemon = try Daemon(
            inside(own + [folder.path, self.cgroup]),
            log: folder.appending(path: "dockerd.log")
        )
    }

    /// Ends the engine with its containers, and removes what it leaves outside its folder.
    func end() {
        self.daemon.end()
        let root = "/sys/fs/cgroup"
        let hierarchies = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for place in [root] + hierarchies.map({ "\(root)/\($0)" }) { rmdir("\(place)/\(self.cgroup)") }
    }

    /// Returns when the engine answers; it blocks its thread.
    func waitUntilReady() throws {
        let deadline = ContinuousClock.now + Self.patience
        while try self.status(["version"]) != 0 {
            guard self.daemon.isRunning, ContinuousClock.now < deadline else {
                throw Failure(description: self.daemon.lastWords)
            }
            usleep(50_000)
        }
    }

    /// Runs `docker` with `arguments`; throws with what it said where it fails.
    func docker(_ arguments: [String]) throws {
        guard try self.status(arguments) == 0 else {
            let said = try String(contentsOf: self.said, encoding: .utf8)
            throw Failure(description: "docker \(arguments.joined(separator: " ")): \(said)")
        }
    }

    /// Gives the engine the image of this machine's busybox.
    func importImage() throws {
        let root = self.folder.appending(path: "root/bin")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Self.busybox, toPath: root.appending(path: "busybox").path)
        let archive = self.folder.appending(path: "image.tar").path
        let tar = try Daemon(
            ["tar", "-C", self.folder.appending(path: "root").path, "-cf", archive, "."],
            log: self.said
        )
        while tar.isRunning { usleep(1_000) }
        try self.docker(["import", archive, Self.image])
    }

    /// How many lines the engine wrote so far in which there is something of the form `pattern`.
    func count(_ pattern: String) throws -> Int {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/grep")
        process.arguments = ["-cE", pattern, self.folder.appending(path: "dockerd.log").path]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let count = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: count, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let lines = Int(text) else { throw Failure(description: "grep counted nothing") }
        return lines
    }

    private var said: URL { self.folder.appending(path: "docker.log") }

    private func status(_ arguments: [String]) throws -> Int32 {
        try Data().write(to: self.said)
        let output = try FileHandle(forWritingTo: self.said)
        defer { try? output.close() }
        let process = Process()
        process.executableURL = URL(filePath: Self.client)
        process.arguments = ["--host", "unix://\(self.folder.path)/docker.sock"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
