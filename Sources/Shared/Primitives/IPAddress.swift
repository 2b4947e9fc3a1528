/// An internet address as a number; version 4 is kept in its version 6 form (`::ffff:a.b.c.d`).
package struct IPAddress: Sendable, Hashable {
    package let bits: UInt128

    /// The address of these bits; one of version 4 has `ffff` before its own 32.
    package init(bits: UInt128) { self.bits = bits }

    /// Whether it is of version 4.
    package var isVersion4: Bool { self.bits >> 32 == 0xffff }

    /// Reads either version's text; nil for anything else, zones included.
    package init?(_ text: String) {
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

extension IPAddress: Comparable {
    package static func < (one: IPAddress, other: IPAddress) -> Bool { one.bits < other.bits }
}

extension IPAddress: CustomStringConvertible {
    /// `10.0.0.1`, or version 6 as RFC 5952 writes it: the longest run of zero groups left out.
    package var description: String {
        guard !self.isVersion4 else {
            return stride(from: 24, through: 0, by: -8).map { "\(self.bits >> UInt128($0) & 0xff)" }
                .joined(separator: ".")
        }
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(self.bits >> UInt128($0) & 0xffff) }
        guard let run = Self.longestRun(of: groups) else { return Self.text(groups[...]) }
        return Self.text(groups[..<run.lowerBound]) + "::" + Self.text(groups[run.upperBound...])
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// Where the first longest run of two or more zero groups is.
    private static func longestRun(of groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        for end in 0...groups.count where end == groups.count || groups[end] != 0 {
            if end - start > max(1, best?.count ?? 0) { best = start..<end }
            start = end + 1
        }
        return best
    }
}
