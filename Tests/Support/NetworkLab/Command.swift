import Foundation

/// A program of the system that the lab runs, and waits for.
enum Command {
    /// A program that could not do what it was for.
    struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let reason: String

        var description: String { "\(self.command.joined(separator: " ")): \(self.reason)" }
    }

    /// Runs `command`, whose first word is looked up in PATH, with `input`.
    static func run(_ command: [String], input: String = "") throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let (writing, errors) = (Pipe(), Pipe())
        process.standardInput = writing
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        // What the lab says is far shorter than what a pipe holds.
        try writing.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try writing.fileHandleForWriting.close()
        let text = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let reason = String(decoding: text, as: UTF8.self)
            throw Failure(command: command, reason: reason.isEmpty ? "it failed" : reason)
        }
    }
}
