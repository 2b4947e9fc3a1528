import Foundation

/// One line of a benchmark's result; the names are stable, so that runs can be compared by machine.
package enum Finding: Sendable {
    case figure(String, Double, unit: String)
    case ratio(String, Double)
    /// A figure that must not be larger than `most`; it says ok or SHORT.
    case bar(String, Double, unit: String, most: Double)

    /// The line as it is printed.
    package var line: String {
        switch self {
        case .figure(let name, let value, let unit): "figure \(name) \(Self.text(value)) \(unit)"
        case .ratio(let name, let value): "ratio \(name) \(Self.text(value))"
        case .bar(let name, let value, let unit, let most):
            "figure \(name) \(Self.text(value)) \(unit) bar \(Self.text(most)) \(self.isMet ? "ok" : "SHORT")"
        }
    }

    /// Whether it is within its bar, where it has one; a figure that could not be taken is not.
    package var isMet: Bool {
        if case .bar(_, let value, _, let most) = self { return value <= most }
        return true
    }

    private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
}
