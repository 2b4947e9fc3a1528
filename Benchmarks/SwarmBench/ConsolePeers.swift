import BenchSupport
import Foundation
import Glibc
import TerminalTesting

/// htop and tig on the same kind of terminal and in the same run, to compare swarmtop's figures with.
enum ConsolePeers {
    private static let starts = 10
    private static let keys = 24
    private static let keyRest: Duration = .milliseconds(150)
    /// A picture has so many rows that are not empty.
    private static let rows = 8

    /// A program that is measured.
    private struct Peer {
        let name: String
        let command: [String]
    }

    static func run() async throws -> [Finding] {
        try await ScratchFolder.with("swarm-bench-peers") { folder in
            let repository = try Self.repository(in: folder.url)
            let peers = [
                Peer(name: "htop", command: ["/usr/bin/htop"]),
                Peer(
                    name: "tig",
                    command: ["/bin/sh", "-c", "cd '\(repository.path)' && exec /usr/bin/tig"]
                ),
            ]
            var findings: [Finding] = []
            for peer in peers {
                guard FileManager.default.isExecutableFile(atPath: "/usr/bin/\(peer.name)") else {
                    print("# \(peer.name) is not installed: run scripts/bootstrap")
                    continue
                }
                findings += try await Self.measure(peer)
            }
            return findings
        }
    }

    private static func measure(_ peer: Peer) async throws -> [Finding] {
        var painted: [Double] = []
        for _ in 0..<Self.starts {
            try await Self.with(peer) { terminal, began in
                painted += ConsoleSpeed.times(from: began, [terminal.moment(when: Self.isPicture)])
            }
        }
        let keys = try await Self.with(peer) { terminal, _ in try await Self.press(terminal) }
        let paint = Samples(painted)
        return [
            .figure("\(peer.name)-first-paint-p50", paint.percentile(0.5), unit: "ms"),
            .figure("\(peer.name)-first-paint-max", paint.percentile(1), unit: "ms"),
        ] + keys.map { .figure("\(peer.name)-\($0.name)", $0.value, unit: $0.unit) }
    }

    /// Runs `body` once the peer shows its picture.
    private static func with<Value>(
        _ peer: Peer,
        _ body: (PseudoTerminal, ContinuousClock.Instant) async throws -> Value
    ) async throws -> Value {
        try await PseudoTerminal.with { terminal in
            var environment = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"]
            environment["PATH"] = getenv("PATH").map { String(cString: $0) }
            let began = try terminal.start(peer.command, environment: environment)
            try await terminal.wait(for: "\(peer.name)'s picture", until: Self.isPicture)
            return try await body(terminal, began)
        }
    }

    private static func isPicture(_ screen: TerminalScreen) -> Bool {
        screen.lines.count { !$0.isEmpty } >= Self.rows
    }

    private static func press(
        _ terminal: PseudoTerminal
    ) async throws -> [(name: String, value: Double, unit: String)] {
        var times: [Double] = []
        var bytes: [Double] = []
        for number in 0..<Self.keys {
            try await Task.sleep(for: Self.keyRest)
            let before = (chunks: terminal.chunks.count, bytes: terminal.byteCount)
            let began = ContinuousClock.now
            // Both switch the cursor keys over.
            terminal.type(number < Self.keys / 2 ? "\u{1B}OB" : "\u{1B}OA")
            try await Task.sleep(for: Self.keyRest)
            let chunks = terminal.chunks.dropFirst(before.chunks)
            if let first = chunks.first { times.append((first.at - began).milliseconds) }
            bytes.append(Double(terminal.byteCount - before.bytes))
        }
        let use = terminal.child.map { ProcessUse(pid: $0) }
        return [
            ("key-p50", Samples(times).percentile(0.5), "ms"),
            ("key-p95", Samples(times).percentile(0.95), "ms"),
            ("key-bytes-p50", Samples(bytes).percentile(0.5), "B"),
            ("rss", use?.resident ?? .nan, "MiB"),
            ("anonymous", use?.anonymous ?? .nan, "MiB"),
        ]
    }

    /// A repository with as many commits as swarmtop has services.
    private static func repository(in folder: URL) throws -> URL {
        let url = folder.appending(path: "repository")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let script = """
            git init -q . && for number in $(seq 42); do
              git -c user.name=bench -c user.email=bench@localhost commit -q --allow-empty -m "change $number"
            done
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = url
        try process.run()
        process.waitUntilExit()
        return url
    }
}
