/// A word on a line of a history: quoted if it is a text that could be taken for something else.
///
/// Inside quotes, a backslash stands before a quote or itself, and `\n` is the end of a line.
enum Word: Equatable {
    /// What the line's form gives a meaning, or a text without surprises.
    case bare(String)
    /// Any text.
    case quoted(String)

    /// The text without quotes.
    var text: String {
        switch self {
        case .bare(let text), .quoted(let text): text
        }
    }

    /// The text as a word, in quotes if it needs them.
    static func encode(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2e, 0x5f, 0x2d: true
            default: false
            }
        }
        if isPlain, !text.isEmpty, text != "-" { return text }
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x0a: bytes += [0x5c, 0x6e]
            case 0x22, 0x5c: bytes += [0x5c, byte]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text as a word, or a dash for none.
    static func encode(_ text: String?) -> String {
        if let text { self.encode(text) } else { "-" }
    }

    /// The words of a line; nil if a quote is not closed.
    static func split(_ line: some Collection<UInt8>) -> [Word]? {
        var words: [Word] = []
        var bytes: [UInt8] = []
        var isQuoted = false
        var isEscaped = false
        for byte in line {
            if isEscaped {
                bytes.append(byte == 0x6e ? 0x0a : byte)
                isEscaped = false
            } else if isQuoted, byte == 0x5c {
                isEscaped = true
            } else if byte == 0x22 {
                let text = String(decoding: bytes, as: UTF8.self)
                if isQuoted {
                    words.append(.quoted(text))
                } else if !text.isEmpty {
                    words.append(.bare(text))
                }
                bytes = []
                isQuoted.toggle()
            } else if byte == 0x20, !isQuoted {
                if !bytes.isEmpty { words.append(.bare(String(decoding: bytes, as: UTF8.self))) }
                bytes = []
            } else {
                bytes.append(byte)
            }
        }
        if isQuoted { return nil }
        if !bytes.isEmpty { words.append(.bare(String(decoding: bytes, as: UTF8.self))) }
        return words
    }
}
