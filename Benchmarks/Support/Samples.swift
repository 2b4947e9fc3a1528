/// Figures of repeated runs; times among them are in milliseconds.
package struct Samples: Sendable {
    private let sorted: [Double]

    /// Samples in any order.
    package init(_ values: [Double]) { self.sorted = values.sorted() }

    /// How many there are.
    package var count: Int { self.sorted.count }

    /// The value in the middle.
    package var median: Double { self.percentile(0.5) }

    /// The value below which `share` of the samples lie; NaN without samples.
    package func percentile(_ share: Double) -> Double {
        guard !self.sorted.isEmpty else { return .nan }
        return self.sorted[min(self.sorted.count - 1, Int(Double(self.sorted.count) * share))]
    }

    /// The samples of both.
    package static func + (left: Self, right: Self) -> Self { Self(left.sorted + right.sorted) }
}

extension Duration {
    /// The duration as samples carry it.
    package var milliseconds: Double {
        Double(self.components.seconds) * 1_000 + Double(self.components.attoseconds) / 1e15
    }
}
