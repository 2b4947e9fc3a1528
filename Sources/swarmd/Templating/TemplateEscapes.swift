/// Texts made harmless for other languages, as Go's templates do it.
enum TemplateEscapes {
    static func html(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0: Array("\u{FFFD}".utf8)
            case UInt8(ascii: "\""): Array("&#34;".utf8)
            case UInt8(ascii: "'"): Array("&#39;".utf8)
            case UInt8(ascii: "&"): Array("&amp;".utf8)
            case UInt8(ascii: "<"): Array("&lt;".utf8)
            case UInt8(ascii: ">"): Array("&gt;".utf8)
            default: [byte]
            }
        }
    }

    static func script(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\\"): Array("\\\\".utf8)
            case UInt8(ascii: "'"): Array("\\'".utf8)
            case UInt8(ascii: "\""): Array("\\\"".utf8)
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "="), 0..<0x20:
                Array("\\u00".utf8) + Self.hex(byte)
            default: [byte]
            }
        }
    }

    static func query(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."),
                UInt8(ascii: "~"):
                [byte]
            case 0x20: [UInt8(ascii: "+")]
            default: [UInt8(ascii: "%")] + Self.hex(byte)
            }
        }
    }

    /// Two digits.
    static func hex(_ byte: UInt8) -> [UInt8] {
        let digits = String(byte, radix: 16, uppercase: true)
        return Array((digits.utf8.count == 1 ? "0" + digits : digits).utf8)
    }
}
