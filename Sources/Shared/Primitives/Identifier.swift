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
        var number = [UInt64(UInt8.random(in: 0x80...0xff, using: &generator)), 0, 0]
        number[1] = generator.next()
        number[2] = generator.next()
        return String(decoding: Self.base36(number).dropFirst().prefix(Self.length), as: UTF8.self)
    }

    /// Tells whether `text` has the form of an identifier.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == Self.length
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
    }

    /// The base-36 text of a big-endian number of three words, without leading zeros.
    private static func base36(_ number: [UInt64]) -> [UInt8] {
        var number = number
        var text: [UInt8] = []
        text.reserveCapacity(39)
        while number != [0, 0, 0] {
            // Twelve digits at a time: as many as fit into a word.
            var digits = Self.divide(&number, by: 4_738_381_338_321_616_896)
            for _ in 0..<12 {
                text.append(Self.digits[Int(digits % 36)])
                digits /= 36
            }
        }
        while text.last == Self.digits[0] { text.removeLast() }
        return text.reversed()
    }

    /// Divides a big-endian number and returns the remainder.
    private static func divide(_ number: inout [UInt64], by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        for position in number.indices {
            let result = divisor.dividingFullWidth((remainder, number[position]))
            number[position] = result.quotient
            remainder = result.remainder
        }
        return remainder
    }

    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
}
