import Foundation

/// A network namespace that lasts as long as this object, and no longer than this process.
///
/// A process holds it that does nothing but wait for its input to end; so it goes also when this process is
/// killed, and nothing of it is anywhere in the file system.
final class NetworkNamespace: Sendable {
    private let input: FileHandle
    /// The process that holds it.
    let pid: Int32

    /// Makes a namespace in which there is nothing but a loopback interface.
    init() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["unshare", "--net", "cat"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.input = input.fileHandleForWriting
        self.pid = process.processIdentifier
        // What it is told comes back when the namespace is there.
        try self.input.write(contentsOf: Data("ready\n".utf8))
        guard try output.fileHandleForReading.read(upToCount: 1)?.isEmpty == false else {
            throw Command.Failure(command: process.arguments ?? [], reason: "it made no namespace")
        }
    }

    deinit { self.remove() }

    /// Ends the process that holds it; those inside have to be gone.
    func remove() { try? self.input.close() }

    /// `command` as it runs inside.
    func inside(_ command: [String]) -> [String] {
        ["nsenter", "--net=/proc/\(self.pid)/ns/net"] + command
    }

    /// Runs `ip` inside for each line of `batch`.
    func configure(_ batch: [String]) throws {
        try Command.run(self.inside(["ip", "-batch", "-"]), input: batch.map { "\($0)\n" }.joined())
    }
}
