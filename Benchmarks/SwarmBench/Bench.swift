import Foundation

/// Measures what the project promises, and prints it for people and for machines.
@main
enum Bench {
    /// The suites by name; without arguments all of them run.
    private enum Suite: String, CaseIterable {
        case firstLight = "first-light"
        case console

        func run() async throws -> [Measurement] {
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
                for measurement in try await suite.run() { print(measurement.line) }
            }
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// One line of a benchmark's result; the names are stable, so that runs can be compared by machine.
enum Measurement: Sendable {
    case figure(String, Double, unit: String)
    case ratio(String, Double)

    var line: String {
        switch self {
        case .figure(let name, let value, let unit): "figure \(name) \(Self.text(value)) \(unit)"
        case .ratio(let name, let value): "ratio \(name) \(Self.text(value))"
        }
    }

    private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
}

/// Times of repeated runs, in milliseconds.
struct Samples: Sendable {
    private var sorted: [Double] = []

    init(_ values: [Double]) { self.sorted = values.sorted() }

    /// The value below which `share` of the samples lie.
    func percentile(_ share: Double) -> Double {
        guard !self.sorted.isEmpty else { return .nan }
        return self.sorted[min(self.sorted.count - 1, Int(Double(self.sorted.count) * share))]
    }
}

extension Duration {
    var milliseconds: Double {
        Double(self.components.seconds) * 1_000 + Double(self.components.attoseconds) / 1e15
    }
}
