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
        var bytes = (0..<17).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes[0] |= 0x80
        return String(Self.base36(bytes).dropFirst().prefix(Self.length))
    }

    /// Tells whether `text` has the form of an identifier.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == Self.length
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
    }

    /// The base-36 text of a big-endian number, without leading zeros.
    private static func base36(_ number: [UInt8]) -> String {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        var number = number.map(UInt32.init)
        var text: [Character] = []
        while number.contains(where: { $0 != 0 }) {
            var remainder: UInt32 = 0
            for position in number.indices {
                let value = remainder << 8 | number[position]
                number[position] = value / 36
                remainder = value % 36
            }
            text.append(digits[Int(remainder)])
        }
        return String(text.reversed())
    }
}
