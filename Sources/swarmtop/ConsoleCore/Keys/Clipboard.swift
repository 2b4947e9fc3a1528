/// What is given to the terminal's clipboard by OSC 52, which works over ssh too.
package enum Clipboard {
    /// Terminals take little more in one sequence.
    static let limit = 4096

    /// `text` as it may be copied: one line of printable characters, bounded.
    static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            switch DisplayWidth.kind(of: scalar) {
            case .printable, .combining: break
            case .forbidden, .dropped: continue
            }
            bytes += UTF8.width(scalar)
            guard bytes <= Self.limit else { break }
            clean.append(scalar)
        }
        return String(clean)
    }

    /// The sequence that makes a terminal copy `text`, of which only what may be copied is taken.
    package static func sequence(_ text: String) -> [UInt8] {
        Array("\u{1B}]52;c;".utf8) + Self.base64(Array(Self.clean(text).utf8)) + [0x07]
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0..<4 {
                text.append(
                    place <= part.count ? Self.digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "=")
                )
            }
        }
        return text
    }
}
