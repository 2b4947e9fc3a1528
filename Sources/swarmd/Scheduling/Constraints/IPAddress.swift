/// An internet address as a number; version 4 is kept in its version 6 form (`::ffff:a.b.c.d`).
struct IPAddress: Sendable, Hashable {
    let bits: UInt128

    var isVersion4: Bool { self.bits >> 32 == 0xffff }

    /// Reads either version's text; nil for anything else, zones included.
    init?(_ text: String) {
        if let bits = Self.version4(text[...]) {
            self.bits = 0xffff << 32 | UInt128(bits)
        } else if let bits = Self.version6(text) {
            self.bits = bits
        } else {
            return nil
        }
    }

    private static func version4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || !part.hasPrefix("0"), let byte = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        return bits
    }

    private static func version6(_ text: String) -> UInt128? {
        guard let gap = Self.gap(in: text) else {
            return Self.groups(text[...]).flatMap { $0.count == 8 ? Self.joined($0) : nil }
        }
        guard let head = Self.groups(text[..<gap.lowerBound]),
            let tail = Self.groups(text[gap.upperBound...]),
            head.count + tail.count < 8
        else { return nil }
        return Self.joined(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    /// Where `::` stands.
    private static func gap(in text: String) -> Range<String.Index>? {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ":", next < text.endIndex, text[next] == ":" {
                return index..<text.index(after: next)
            }
            index = next
        }
        return nil
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            if position == parts.count - 1, let bits = Self.version4(part) {
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard (1...4).contains(part.utf8.count), !part.hasPrefix("+"), !part.hasPrefix("-"),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
