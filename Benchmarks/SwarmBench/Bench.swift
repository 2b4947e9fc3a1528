import BenchSupport
import Foundation

/// Measures what the project promises, and prints it for people and for machines.
@main
enum Bench {
    /// The suites by name; without arguments all of them run.
    private enum Suite: String, CaseIterable {
        case firstLight = "first-light"
        case console
        case consolePeers = "console-peers"
        case consoleScale = "console-scale"

        func run() async throws -> [Finding] {
            switch self {
            case .firstLight: try await FirstLight.run()
            case .console: try await ConsoleSpeed.run()
            case .consolePeers: try await ConsolePeers.run()
            case .consoleScale: try await ConsoleScale.run(minutes: Bench.minutes)
            }
        }

        /// Whether it runs when no suite is named: the longest has to be asked for.
        var isUsual: Bool { self != .consoleScale && self != .consolePeers }
    }

    /// How long what takes minutes takes: `--minutes 5`.
    static var minutes: Double {
        let words = CommandLine.arguments
        guard let flag = words.firstIndex(of: "--minutes"), flag + 1 < words.count else { return 5 }
        return Double(words[flag + 1]) ?? 5
    }

    static func main() async {
        let wanted = CommandLine.arguments.dropFirst().filter { Suite(rawValue: $0) != nil }
        do {
            for suite in Suite.allCases
            where wanted.isEmpty ? suite.isUsual : wanted.contains(suite.rawValue) {
                print("# \(suite.rawValue)")
                for finding in try await suite.run() { print(finding.line) }
            }
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }
}
