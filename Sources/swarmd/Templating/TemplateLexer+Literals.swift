/// Numbers, quoted texts and characters, written as in Go.
extension TemplateLexer {
    mutating func number() throws(TemplateError) {
        let start = self.position
        if self.byte() == UInt8(ascii: "+") || self.byte() == UInt8(ascii: "-") { self.position += 1 }
        var previous: UInt8 = 0
        while let byte = self.byte() {
            let isExponentSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
                && (previous == UInt8(ascii: "e") || previous == UInt8(ascii: "E"))
            guard Self.isWord(byte) || byte == UInt8(ascii: ".") || isExponentSign else { break }
            previous = byte
            self.position += 1
        }
        let text = String(decoding: self.source[start..<self.position], as: UTF8.self)
        guard let value = Self.value(of: text) else {
            throw self.fault("\"\(text)\" is no number", at: start)
        }
        self.add(.literal(value), from: start)
    }

    private static func value(of text: String) -> TemplateValue? {
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.drop { $0 == "+" || $0 == "-" }.filter { $0 != "_" }.lowercased()
        let radices: [(String, Int)] = [("0x", 16), ("0o", 8), ("0b", 2)]
        for (prefix, radix) in radices where digits.hasPrefix(prefix) {
            return Int(sign + digits.dropFirst(2), radix: radix).map { .number($0) }
        }
        if digits.count > 1, digits.hasPrefix("0"), let number = Int(sign + digits, radix: 8) {
            return .number(number)
        }
        if let number = Int(sign + digits) { return .number(number) }
        guard digits.first?.isNumber == true || digits.first == ".", let fraction = Double(sign + digits),
            fraction.isFinite
        else { return nil }
        return .fraction(fraction)
    }

    mutating func quoted() throws(TemplateError) {
        let start = self.position
        let quote = self.source[start]
        self.position += 1
        var text: [UInt8] = []
        while true {
            guard let byte = self.byte(), byte != 0x0a || quote == UInt8(ascii: "`") else {
                throw self.fault("a quote is not closed", at: start)
            }
            self.position += 1
            if byte == quote { break }
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") {
                text += try self.escaped()
            } else {
                text.append(byte)
            }
        }
        guard quote == UInt8(ascii: "'") else { return self.add(.literal(.text(text)), from: start) }
        let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        guard scalars.count == 1 else {
            throw self.fault("there is one character between ' and '", at: start)
        }
        self.add(.literal(.number(Int(scalars[0].value))), from: start)
    }

    /// What stands for the escape after a backslash, which was taken already.
    private mutating func escaped() throws(TemplateError) -> [UInt8] {
        let start = self.position - 1
        guard let byte = self.byte() else { throw self.fault("a quote is not closed", at: start) }
        self.position += 1
        switch byte {
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "v"): return [0x0b]
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return [byte]
        case UInt8(ascii: "x"): return [UInt8(truncatingIfNeeded: try self.digits(2, radix: 16, from: start))]
        case 0x30...0x37:
            self.position -= 1
            return [UInt8(truncatingIfNeeded: try self.digits(3, radix: 8, from: start))]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let value = try self.digits(byte == UInt8(ascii: "u") ? 4 : 8, radix: 16, from: start)
            guard let scalar = UnicodeScalar(value) else {
                throw self.fault("there is no such character", at: start)
            }
            return Array(String(scalar).utf8)
        default: throw self.fault("\\\(Self.shown(byte)) has no meaning", at: start)
        }
    }

    private mutating func digits(_ count: Int, radix: Int, from start: Int) throws(TemplateError) -> UInt32 {
        let end = self.position + count
        guard end <= self.source.count else { throw self.fault("a quote is not closed", at: start) }
        let text = String(decoding: self.source[self.position..<end], as: UTF8.self)
        guard text.first?.isHexDigit == true, let value = UInt32(text, radix: radix) else {
            throw self.fault("\(count) digits are missing after the backslash", at: start)
        }
        self.position = end
        return value
    }
}
