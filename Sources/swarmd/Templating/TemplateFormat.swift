/// Go's `fmt.Sprint` and `fmt.Sprintf`, for the values that templates have.
enum TemplateFormat {
    /// The widest that a value is padded to, and its longest fraction; Go has a limit too.
    private static let widest = 10_000
    private static let mostDigits = 20

    /// All values in one text: with blanks between them where neither side is a text, or everywhere.
    static func line(_ values: [TemplateValue], alwaysSpaced: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, value) in values.enumerated() {
            if index > 0, alwaysSpaced || (!value.isText && !values[index - 1].isText) { bytes.append(0x20) }
            bytes += value.argument
        }
        return bytes
    }

    /// The first value with its verbs replaced by the others.
    static func format(_ values: [TemplateValue]) throws(TemplateFault) -> [UInt8] {
        guard case .text(let pattern)? = values.first else { throw TemplateFault("the format is missing") }
        var rest = values.dropFirst()
        var bytes: [UInt8] = []
        var index = pattern.startIndex
        while index < pattern.endIndex {
            guard pattern[index] == UInt8(ascii: "%") else {
                bytes.append(pattern[index])
                index += 1
                continue
            }
            let verb = try Self.verb(in: pattern, at: &index)
            switch verb.letter {
            case UInt8(ascii: "%"): bytes.append(UInt8(ascii: "%"))
            case nil: bytes += Array("%!(NOVERB)".utf8)
            case let letter?:
                if let value = rest.popFirst() {
                    bytes += Self.padded(Self.text(of: value, letter, verb), verb)
                } else {
                    bytes += Array("%!".utf8) + [letter] + Array("(MISSING)".utf8)
                }
            }
        }
        guard !rest.isEmpty else { return bytes }
        let extra = rest.map { "\($0.type)=\($0.inMessages)" }.joined(separator: ", ")
        return bytes + Array("%!(EXTRA \(extra))".utf8)
    }

    /// What stands between a % and its letter.
    private struct Verb {
        var isLeft = false
        var isZeroed = false
        var isSigned = false
        var width = 0
        var precision: Int?
        /// Nil where the pattern ends.
        var letter: UInt8?
    }

    private static func verb(in pattern: [UInt8], at index: inout Int) throws(TemplateFault) -> Verb {
        var verb = Verb()
        index += 1
        flags: while index < pattern.endIndex {
            switch pattern[index] {
            case UInt8(ascii: "-"): verb.isLeft = true
            case UInt8(ascii: "0"): verb.isZeroed = true
            case UInt8(ascii: "+"): verb.isSigned = true
            case UInt8(ascii: " "), UInt8(ascii: "#"): break
            default: break flags
            }
            index += 1
        }
        verb.width = try Self.number(in: pattern, at: &index, most: Self.widest) ?? 0
        if index < pattern.endIndex, pattern[index] == UInt8(ascii: ".") {
            index += 1
            verb.precision = try Self.number(in: pattern, at: &index, most: Self.widest) ?? 0
        }
        if index < pattern.endIndex {
            verb.letter = pattern[index]
            index += 1
        }
        return verb
    }

    private static func number(
        in pattern: [UInt8],
        at index: inout Int,
        most: Int
    ) throws(TemplateFault) -> Int? {
        var number: Int?
        while index < pattern.endIndex, (0x30...0x39).contains(pattern[index]) {
            number = (number ?? 0) * 10 + Int(pattern[index] - 0x30)
            guard let value = number, value <= most else { throw TemplateFault("a width above \(most)") }
            index += 1
        }
        return number
    }

    private static func text(of value: TemplateValue, _ letter: UInt8, _ verb: Verb) -> [UInt8] {
        switch (letter, value) {
        case (UInt8(ascii: "v"), .fraction(let fraction)) where verb.precision == nil:
            return Array(Self.shortest(fraction).utf8)
        case (UInt8(ascii: "v"), .number(let number)), (UInt8(ascii: "d"), .number(let number)):
            return Self.digits(number, radix: 10, verb)
        case (UInt8(ascii: "v"), _): return value.argument
        case (_, .nothing): return Array("%!".utf8) + [letter] + Array("(<nil>)".utf8)
        case (UInt8(ascii: "s"), .text(let bytes)): return Self.cut(bytes, verb.precision)
        case (UInt8(ascii: "s"), .map), (UInt8(ascii: "s"), .record): return value.printed
        case (UInt8(ascii: "q"), .text(let bytes)): return Self.quoted(bytes)
        case (UInt8(ascii: "t"), .truth): return value.printed
        case (UInt8(ascii: "x"), .text(let bytes)):
            return bytes.flatMap { Self.lowercased(TemplateEscapes.hex($0)) }
        case (UInt8(ascii: "X"), .text(let bytes)): return bytes.flatMap(TemplateEscapes.hex)
        case (UInt8(ascii: "x"), .number(let number)): return Self.digits(number, radix: 16, verb)
        case (UInt8(ascii: "X"), .number(let number)):
            return Array(
                String(decoding: Self.digits(number, radix: 16, verb), as: UTF8.self).uppercased().utf8
            )
        case (UInt8(ascii: "o"), .number(let number)): return Self.digits(number, radix: 8, verb)
        case (UInt8(ascii: "b"), .number(let number)): return Self.digits(number, radix: 2, verb)
        case (UInt8(ascii: "c"), .number(let number)): return Self.character(number)
        case (UInt8(ascii: "q"), .number(let number)): return Self.quoted(Self.character(number), by: "'")
        case (UInt8(ascii: "f"), .fraction(let fraction)):
            return Array(Self.fixed(fraction, digits: verb.precision ?? 6).utf8)
        default:
            let text = Array("(\(value.type)=".utf8) + value.printed + [UInt8(ascii: ")")]
            return Array("%!".utf8) + [letter] + text
        }
    }

    private static func padded(_ bytes: [UInt8], _ verb: Verb) -> [UInt8] {
        let missing = verb.width - String(decoding: bytes, as: UTF8.self).unicodeScalars.count
        guard missing > 0 else { return bytes }
        if verb.isLeft { return bytes + [UInt8](repeating: 0x20, count: missing) }
        guard verb.isZeroed else { return [UInt8](repeating: 0x20, count: missing) + bytes }
        let sign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? 1 : 0
        return bytes[..<sign] + [UInt8](repeating: 0x30, count: missing) + bytes[sign...]
    }

    private static func digits(_ number: Int, radix: Int, _ verb: Verb) -> [UInt8] {
        Array(((verb.isSigned && number >= 0 ? "+" : "") + String(number, radix: radix)).utf8)
    }

    private static func cut(_ bytes: [UInt8], _ precision: Int?) -> [UInt8] {
        guard let precision else { return bytes }
        return Array(String(String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(precision)).utf8)
    }

    private static func lowercased(_ digits: [UInt8]) -> [UInt8] {
        digits.map { (0x41...0x46).contains($0) ? $0 + 0x20 : $0 }
    }

    /// The character of that number; one that there is not is a question mark's sign.
    private static func character(_ number: Int) -> [UInt8] {
        Array(String(UInt32(exactly: number).flatMap { UnicodeScalar($0) } ?? "\u{FFFD}").utf8)
    }

    private static func quoted(_ bytes: [UInt8], by mark: UnicodeScalar = "\"") -> [UInt8] {
        var quoted = String(mark)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case mark: quoted += "\\\(mark)"
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                quoted += "\\x"
                let digits = Self.lowercased(TemplateEscapes.hex(UInt8(scalar.value)))
                quoted += String(decoding: digits, as: UTF8.self)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return Array((quoted + String(mark)).utf8)
    }

    /// The fewest digits that mean this number.
    static func shortest(_ fraction: Double) -> String {
        let text = "\(fraction)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The number with that many digits after its point.
    static func fixed(_ fraction: Double, digits: Int) -> String {
        let digits = min(digits, Self.mostDigits)
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (fraction.magnitude * scale).rounded(.toNearestOrEven)
        guard fraction.isFinite, scaled < 1e38 else { return Self.shortest(fraction) }
        var text = String(Int128(scaled))
        while text.utf8.count <= digits { text = "0" + text }
        let sign = fraction < 0 ? "-" : ""
        return digits == 0 ? sign + text : "\(sign)\(text.dropLast(digits)).\(text.suffix(digits))"
    }
}

extension TemplateValue {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }

    /// The bytes that a function prints it as.
    fileprivate var argument: [UInt8] { self == .nothing ? Array("<nil>".utf8) : self.printed }
}
