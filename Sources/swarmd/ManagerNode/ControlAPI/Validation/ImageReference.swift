/// The grammar of image references: `[domain/]path[:tag][@digest]` (distribution/reference).
///
/// Checked by hand and in linear time, because the text is a client's.
enum ImageReference {
    /// The longest name, domain included.
    static let nameBytes = 255
    static let tagBytes = 128
    static let minimumDigestDigits = 32

    static func isValid(_ text: String) -> Bool {
        // What looks like an image's identifier would be taken for one by the engine.
        if text.utf8.count == 64 && text.utf8.allSatisfy(Self.isLowerHex) { return false }
        var name = text[...]
        if let mark = name.firstIndex(of: "@") {
            guard Self.isDigest(name[name.index(after: mark)...]) else { return false }
            name = name[..<mark]
        }
        let lastSlash = name.lastIndex(of: "/") ?? name.startIndex
        if let mark = name[lastSlash...].lastIndex(of: ":") {
            guard Self.isTag(name[name.index(after: mark)...]) else { return false }
            name = name[..<mark]
        }
        return Self.isName(name)
    }

    private static func isName(_ name: Substring) -> Bool {
        guard name.utf8.count <= Self.nameBytes else { return false }
        var components = name.split(separator: "/", omittingEmptySubsequences: false)
        if components.count > 1, let first = components.first, Self.looksLikeDomain(first) {
            guard Self.isDomain(first) else { return false }
            components.removeFirst()
        }
        return components.allSatisfy(Self.isPathComponent)
    }

    /// The first component names a registry if it could not be a part of a path, or is `localhost`.
    private static func looksLikeDomain(_ text: Substring) -> Bool {
        text.contains { $0 == "." || $0 == ":" } || text == "localhost" || text.lowercased() != text
    }

    private static func isDomain(_ text: Substring) -> Bool {
        var host = text
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            let address = text[..<end].dropFirst()
            guard !address.isEmpty,
                address.utf8.allSatisfy({ Self.isHex($0) || $0 == UInt8(ascii: ":") })
            else { return false }
            let port = text[text.index(after: end)...]
            return port.isEmpty || (port.hasPrefix(":") && Self.isPort(port.dropFirst()))
        }
        if let mark = text.lastIndex(of: ":") {
            guard Self.isPort(text[text.index(after: mark)...]) else { return false }
            host = text[..<mark]
        }
        return host.split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy { NameValidation.isWord($0, inside: "-") }
    }

    private static func isPort(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Runs of lower-case letters and digits, with `.`, `_`, `__` or dashes between.
    private static func isPathComponent(_ text: Substring) -> Bool {
        guard NameValidation.isWord(text, inside: "._-"), text.utf8.allSatisfy({ !Self.isUpper($0) }) else {
            return false
        }
        let marks = text.split { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return marks.allSatisfy { mark in
            mark == "." || mark == "_" || mark == "__" || mark.allSatisfy { $0 == "-" }
        }
    }

    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= Self.tagBytes else { return false }
        let isWord: (UInt8) -> Bool = { NameValidation.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
        return isWord(first) && text.utf8.allSatisfy { isWord($0) || ".-".utf8.contains($0) }
    }

    /// An algorithm such as `sha256`, a colon, and hexadecimal digits.
    private static func isDigest(_ text: Substring) -> Bool {
        guard let mark = text.firstIndex(of: ":") else { return false }
        let digits = text[text.index(after: mark)...]
        let parts = text[..<mark].split(omittingEmptySubsequences: false) { "-_+.".contains($0) }
        let isAlgorithm = parts.allSatisfy { part in
            NameValidation.isWord(part, inside: "") && part.first?.isLetter == true
        }
        return isAlgorithm && digits.utf8.count >= Self.minimumDigestDigits
            && digits.utf8.allSatisfy(Self.isHex)
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }
    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
    private static func isHex(_ byte: UInt8) -> Bool {
        Self.isLowerHex(byte) || (0x41...0x46).contains(byte)
    }
}
