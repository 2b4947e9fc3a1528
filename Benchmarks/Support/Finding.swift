import Foundation

/// One line of a benchmark's result; the names are stable, so that runs can be compared by machine.
package enum Finding: Sendable {
    case figure(String, Double, unit: String)
    case ratio(String, Double)

    /// The line as it is printed.
    package var line: String {
        switch self {
        case .figure(let name, let value, let unit): "figure \(name) \(Self.text(value)) \(unit)"
        case .ratio(let name, let value): "ratio \(name) \(Self.text(value))"
        }
    }

    private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
}
