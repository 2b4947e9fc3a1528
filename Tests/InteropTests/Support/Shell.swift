import Foundation
import Glibc

/// A program that was run, and what came of it.
struct Shell: Sendable {
    /// It did not do what it was for.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How long any program may take.
    private static let patience = Duration.seconds(45)

    let command: [String]
    let status: Int32
    let out: String
    let err: String

    /// Both of its streams.
    var text: String { self.out + self.err }

    /// Runs `command`, whose first word is a path or is looked up, with `input`, and waits without a thread.
    static func run(
        _ command: [String],
        environment: [String: String] = [:],
        input: String? = nil
    ) async throws -> Shell {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appending(path: $0) }
        for file in files {
            try Data((file.lastPathComponent == "in" ? input ?? "" : "").utf8).write(to: file)
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        let deadline = ContinuousClock.now + Self.patience
        while process.isRunning {
            if ContinuousClock.now > deadline { Glibc.kill(process.processIdentifier, SIGKILL) }
            try? await ContinuousClock().sleep(for: .milliseconds(5))
        }
        // What HTTP/2 says is no text.
        let texts = try files.dropFirst().map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Shell(command: command, status: process.terminationStatus, out: texts[0], err: texts[1])
    }

    /// Itself, if the program succeeded.
    func succeeding() throws -> Shell {
        guard self.status == 0 else {
            throw Failure(
                description: "\(self.command.joined(separator: " ")): status \(self.status)\n\(self.text)"
            )
        }
        return self
    }
}
