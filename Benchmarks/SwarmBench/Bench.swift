import BenchSupport
import Foundation

/// Measures what the project promises, and prints it for people and for machines.
@main
enum Bench {
    /// The suites by name; without arguments all of them run.
    private enum Suite: String, CaseIterable {
        case firstLight = "first-light"
        case console

        func run() async throws -> [Finding] {
            switch self {
            case .firstLight: try await FirstLight.run()
            case .console: try await ConsoleSpeed.run()
            }
        }
    }

    static func main() async {
        let wanted = CommandLine.arguments.dropFirst()
        do {
            for suite in Suite.allCases where wanted.isEmpty || wanted.contains(suite.rawValue) {
                print("# \(suite.rawValue)")
                for finding in try await suite.run() { print(finding.line) }
            }
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }
}
