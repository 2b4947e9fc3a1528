/// Makes the identifiers of cluster objects.
///
/// An identifier is 25 characters of `[0-9a-z]`: the base-36 text of 17 random bytes without its first
/// character, which is not uniformly distributed. The form is SwarmKit's (`identity/randomid.go`), so
/// that its tools accept ours.
package enum Identifier {
    /// The number of characters of an identifier.
    package static let length = 25

    /// Draws a fresh identifier from `generator`.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        // 136 bits, the highest of them set: 27 digits, always.
        var number = (
            UInt64(UInt8.random(in: 0x80...0xff, using: &generator)), generator.next(), generator.next()
        )
        return String(unsafeUninitializedCapacity: Self.length) { text in
            var place = Self.length
            // Twelve digits at a time, the lowest first: as many as fit into a word.
            while place > 0 {
                var digits = Self.divide(&number, by: Self.twelveDigits)
                // The last digit of all goes unused, as the first one does.
                for position in 0..<12 where place > 0 {
                    let digit = UInt8(truncatingIfNeeded: digits % 36)
                    digits /= 36
                    if place == Self.length, position == 0 { continue }
                    place -= 1
                    text[place] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
                }
            }
            return Self.length
        }
    }

    /// Tells whether `text` has the form of an identifier.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == Self.length
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
    }

    /// 36 to the twelfth.
    private static let twelveDigits: UInt64 = 4_738_381_338_321_616_896

    /// Divides a number of three words, the highest first, and returns the remainder.
    private static func divide(_ number: inout (UInt64, UInt64, UInt64), by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        (number.0, remainder) = divisor.dividingFullWidth((remainder, number.0))
        (number.1, remainder) = divisor.dividingFullWidth((remainder, number.1))
        (number.2, remainder) = divisor.dividingFullWidth((remainder, number.2))
        return remainder
    }
}
