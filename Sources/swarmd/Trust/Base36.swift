/// Text of digits and lower-case letters for a number, as SwarmKit's tokens have it.
enum Base36 {
    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    /// The big-endian number in `bytes`, with zeros before it up to `width` characters.
    ///
    /// A number that needs more than `width` characters is a mistake of the caller's.
    static func text(_ bytes: some Collection<UInt8>, width: Int) -> String {
        var number = Array(bytes)
        var text: [UInt8] = []
        while number.contains(where: { $0 != 0 }) {
            var remainder = 0
            for position in number.indices {
                let part = remainder << 8 | Int(number[position])
                number[position] = UInt8(part / 36)
                remainder = part % 36
            }
            text.append(Self.digits[remainder])
        }
        precondition(text.count <= width, "\(bytes.count) bytes need \(text.count) digits, not \(width)")
        text += Array(repeating: Self.digits[0], count: width - text.count)
        return String(decoding: text.reversed(), as: UTF8.self)
    }

    /// Whether `text` consists of such digits.
    static func isValid(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy(Self.digits.contains) }
}
