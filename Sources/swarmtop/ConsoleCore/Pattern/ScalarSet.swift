/// A set of characters, in which the case of letters does not matter.
struct ScalarSet: Sendable, Equatable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    static let any = ScalarSet(ranges: [0...0x10ffff])
    static let digit = ScalarSet(ranges: [0x30...0x39])
    static let blank = ScalarSet(ranges: [0x09...0x0d, 0x20...0x20, 0xa0...0xa0])
    /// Letters, digits and `_`; all that is not ASCII counts as letters.
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a, 0xaa...0x10ffff])

    static func one(_ scalar: Unicode.Scalar) -> ScalarSet {
        ScalarSet(ranges: [scalar.value...scalar.value])
    }

    /// All but these.
    var inverted: ScalarSet { ScalarSet(ranges: self.ranges, isNegated: !self.isNegated) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        var found = self.holds(value)
        if !found {
            switch value {
            case 0x41...0x5a, 0x61...0x7a: found = self.holds(value ^ 0x20)
            case 0x80...: found = Self.others(scalar).contains { self.holds($0.value) }
            default: break
            }
        }
        return found != self.isNegated
    }

    private func holds(_ value: UInt32) -> Bool {
        for range in self.ranges where range.contains(value) { return true }
        return false
    }

    /// The same letter in other cases, where it is one character there too.
    private static func others(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping].compactMap { text in
            text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
        }
    }
}
