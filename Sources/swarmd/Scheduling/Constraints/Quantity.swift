/// A number that a label may hold or a constraint may ask for: `8`, `2.5`, `16G`.
///
/// Suffixes are powers of 1024: K, M, G and T, in either case, with `b` or `ib` behind them or not.
struct Quantity: Sendable, Hashable, Comparable {
    private let value: Double

    init(_ value: Double) { self.value = value }

    /// Reads a number with or without a suffix; nil for anything else.
    init?(_ text: String) {
        var digits = text.lowercased()[...]
        for ending in ["ib", "b"] where digits.hasSuffix(ending) {
            digits = digits.dropLast(ending.count)
            break
        }
        let units: [Character: Double] = ["k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40]
        let unit = digits.last.flatMap { units[$0] }
        if unit != nil { digits = digits.dropLast() }
        guard digits.count == text.count || unit != nil,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d }),
            let number = Double(digits)
        else { return nil }
        self.value = number * (unit ?? 1)
    }

    static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
