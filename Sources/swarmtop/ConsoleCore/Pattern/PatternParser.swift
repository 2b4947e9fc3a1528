/// What a pattern is made of.
indirect enum PatternPart {
    case one(ScalarSet)
    case start, end
    case border(Bool)
    case sequence([PatternPart])
    case choice([PatternPart])
    /// At least `least` times, at most `most` times; without end where that is nil.
    case many(PatternPart, least: Int, most: Int?)
}

/// Reads a regular expression: `. [a-z] [^a] ( | ) * + ? {2,5} ^ $ \d \w \s \b` and `\` before what stands for itself.
struct PatternParser {
    /// How deep brackets may be nested.
    private static let depthLimit = 30
    /// The largest number in `{}`.
    private static let countLimit = 200

    private var rest: ArraySlice<Unicode.Scalar>
    private var depth = 0

    init(_ text: some StringProtocol) { self.rest = Array(text.unicodeScalars)[...] }

    /// Reads all of the text.
    mutating func parse() throws(Pattern.Fault) -> PatternPart {
        let part = try self.choice()
        // Only a bracket ends a choice before the text does.
        guard self.rest.isEmpty else { throw Pattern.Fault.closedGroup }
        return part
    }

    private mutating func choice() throws(Pattern.Fault) -> PatternPart {
        self.depth += 1
        defer { self.depth -= 1 }
        guard self.depth <= Self.depthLimit else {
            throw Pattern.Fault.tooDeep
        }
        var parts = [try self.sequence()]
        while self.rest.first == "|" {
            self.rest.removeFirst()
            parts.append(try self.sequence())
        }
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence() throws(Pattern.Fault) -> PatternPart {
        var parts: [PatternPart] = []
        while let next = self.rest.first, next != "|", next != ")" {
            var part = try self.atom()
            if let (least, most) = try self.count() {
                part = .many(part, least: least, most: most)
                // As few as possible or as many: it is found all the same.
                if self.rest.first == "?" { self.rest.removeFirst() }
            }
            parts.append(part)
        }
        return .sequence(parts)
    }

    private mutating func atom() throws(Pattern.Fault) -> PatternPart {
        let scalar = self.rest.removeFirst()
        switch scalar {
        case ".": return .one(.any)
        case "^": return .start
        case "$": return .end
        case "*", "+", "?": throw Pattern.Fault.repeatsNothing(scalar)
        case "[": return .one(try self.set())
        case "\\": return try self.escaped()
        case "(":
            if self.rest.starts(with: "?:".unicodeScalars) { self.rest.removeFirst(2) }
            let part = try self.choice()
            guard self.rest.popFirst() == ")" else { throw Pattern.Fault.openGroup }
            return part
        default: return .one(.one(scalar))
        }
    }

    private mutating func escaped() throws(Pattern.Fault) -> PatternPart {
        guard let scalar = self.rest.popFirst() else { throw Pattern.Fault.escapeAtEnd }
        switch scalar {
        case "b": return .border(true)
        case "B": return .border(false)
        default: return .one(try Self.escape(scalar))
        }
    }

    /// What a letter after `\` stands for.
    private static func escape(_ scalar: Unicode.Scalar) throws(Pattern.Fault) -> ScalarSet {
        switch scalar {
        case "d": return .digit
        case "D": return ScalarSet.digit.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return .blank
        case "S": return ScalarSet.blank.inverted
        case "a"..."z", "A"..."Z", "0"..."9": throw Pattern.Fault.unknownEscape(scalar)
        default: return .one(scalar)
        }
    }

    /// What follows `[`, with its end.
    private mutating func set() throws(Pattern.Fault) -> ScalarSet {
        var set = ScalarSet(ranges: [])
        if self.rest.first == "^" {
            self.rest.removeFirst()
            set.isNegated = true
        }
        var isFirst = true
        while let scalar = self.rest.popFirst() {
            if scalar == "]", !isFirst { return set }
            isFirst = false
            if scalar == "\\" {
                guard let letter = self.rest.popFirst() else { break }
                let escape = try Self.escape(letter)
                guard !escape.isNegated else { throw Pattern.Fault.escapeInSet(letter) }
                set.ranges += escape.ranges
            } else if self.rest.first == "-", let last = self.rest.dropFirst().first, last != "]" {
                self.rest.removeFirst(2)
                guard scalar <= last else {
                    throw Pattern.Fault.reversed(scalar, last)
                }
                set.ranges.append(scalar.value...last.value)
            } else {
                set.ranges.append(scalar.value...scalar.value)
            }
        }
        throw Pattern.Fault.openSet
    }

    /// How often the part before is wanted; nil where nothing says.
    private mutating func count() throws(Pattern.Fault) -> (Int, Int?)? {
        switch self.rest.first {
        case "*":
            self.rest.removeFirst()
            return (0, nil)
        case "+":
            self.rest.removeFirst()
            return (1, nil)
        case "?":
            self.rest.removeFirst()
            return (0, 1)
        case "{": return try self.bounds()
        default: return nil
        }
    }

    private mutating func bounds() throws(Pattern.Fault) -> (Int, Int?)? {
        guard let end = self.rest.firstIndex(of: "}") else { throw Pattern.Fault.openCount }
        let text = String(String.UnicodeScalarView(self.rest[self.rest.startIndex..<end].dropFirst()))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let least = Int(parts[0]), parts.count <= 2 else {
            throw Pattern.Fault.noCount(String(text))
        }
        var most: Int? = least
        if parts.count == 2 {
            most = parts[1].isEmpty ? nil : Int(parts[1])
            guard parts[1].isEmpty || most != nil else { throw Pattern.Fault.noCount(String(text)) }
        }
        guard least >= 0, least <= Self.countLimit, (most ?? least) >= least,
            (most ?? least) <= Self.countLimit
        else { throw Pattern.Fault.countTooLarge(String(text), limit: Self.countLimit) }
        self.rest = self.rest[self.rest.index(after: end)...]
        return (least, most)
    }
}
