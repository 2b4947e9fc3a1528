import Foundation
import Glibc

/// A running program whose calls of one kind on one file fail from now on, by strace.
final class FailingCalls {
    private let process = Process()
    private let output: URL

    /// Attaches to `program`; what is seen goes to files in `folder`.
    init(_ call: String, on file: URL, of program: pid_t, error: String, folder: URL) throws {
        self.output = folder.appending(path: "strace-\(call)")
        _ = FileManager.default.createFile(atPath: self.output.path, contents: nil)
        self.process.executableURL = URL(filePath: SyncTrap.strace)
        self.process.arguments = [
            "-f", "-p", "\(program)", "-P", file.path, "-e", "signal=none", "-e", "trace=\(call)",
            "-e", "inject=\(call):error=\(error)",
        ]
        self.process.standardInput = FileHandle.nullDevice
        self.process.standardOutput = FileHandle.nullDevice
        self.process.standardError = try FileHandle(forWritingTo: self.output)
        try self.process.run()
    }

    /// Whether calls fail already.
    var isAttached: Bool { self.lines.contains { $0.contains("attached with") } }

    /// The calls that failed.
    var failures: [String] { self.lines.filter { $0.contains("(INJECTED)") } }

    private var lines: [String] {
        let text = (try? String(contentsOf: self.output, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Lets the program be.
    func detach() {
        self.process.terminate()
        self.process.waitUntilExit()
    }
}
