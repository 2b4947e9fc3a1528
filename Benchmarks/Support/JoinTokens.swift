package import Foundation

/// Join tokens, asked for as operators do.
package enum JoinTokens {
    /// A manager that gave none.
    package struct Failure: Error, CustomStringConvertible {
        let reason: String

        /// What it said.
        package var description: String { "no join token: \(self.reason)" }
    }

    /// The token of `role`, "worker" or "manager", from the manager at `socket`; `swarmd` is the program.
    package static func token(of role: String, swarmd: URL, socket: String) throws -> String {
        let process = Process()
        process.executableURL = swarmd
        process.arguments = ["join-token", "--quiet", "--socket", socket, role]
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both are far shorter than what a pipe holds.
        let token = try output.fileHandleForReading.readToEnd() ?? Data()
        let reason = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(reason: String(decoding: reason, as: UTF8.self))
        }
        return String(decoding: token, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
