/// Writing a tree down.
extension Tree {
    /// As YAML, two blanks a level.
    var yaml: [TextLine] { self.yaml(level: 0).map { TextLine($0) } }

    /// As JSON, two blanks a level.
    var json: [TextLine] { self.json(level: 0, tail: "").map { TextLine($0) } }

    private func yaml(level: Int) -> [String] {
        let blanks = String(repeating: " ", count: level * 2)
        switch self {
        case .object(let members):
            return members.flatMap { member -> [String] in
                let name = Self.plain(member.name)
                if let scalar = member.value.scalar { return ["\(blanks)\(name): \(scalar)"] }
                return ["\(blanks)\(name):"] + member.value.yaml(level: level + 1)
            }
        case .list(let items):
            return items.flatMap { item -> [String] in
                if let scalar = item.scalar { return ["\(blanks)- \(scalar)"] }
                var lines = item.yaml(level: level + 1)
                if let first = lines.first { lines[0] = "\(blanks)- \(first.dropFirst(level * 2 + 2))" }
                return lines
            }
        case .text, .word: return [blanks + (self.scalar ?? "")]
        }
    }

    /// What stands in one line; nil where it takes several.
    private var scalar: String? {
        switch self {
        case .text(let text): Self.plain(text)
        case .word(let word): word
        case .object(let members): members.isEmpty ? "{}" : nil
        case .list(let items): items.isEmpty ? "[]" : nil
        }
    }

    /// A text as YAML: bare where nothing else could be meant.
    private static func plain(_ text: String) -> String {
        let isBare =
            text.first.map { $0.isLetter || $0 == "/" } == true && text.last != " " && text.last != ":"
            && text.allSatisfy { $0.isLetter || $0.isNumber || "-_./@ :+,=".contains($0) }
            && !text.contains(": ")
            && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
        return isBare ? text : JSON.quoted(text)
    }

    private func json(level: Int, tail: String) -> [String] {
        let blanks = String(repeating: " ", count: level * 2)
        let (open, close, parts): (String, String, [(head: String, value: Tree)])
        switch self {
        case .text(let text): return [blanks + JSON.quoted(text) + tail]
        case .word(let word): return [blanks + word + tail]
        case .object(let members):
            (open, close, parts) = ("{", "}", members.map { (JSON.quoted($0.name) + ": ", $0.value) })
        case .list(let items): (open, close, parts) = ("[", "]", items.map { ("", $0) })
        }
        guard !parts.isEmpty else { return [blanks + open + close + tail] }
        var lines = [blanks + open]
        for (index, part) in parts.enumerated() {
            let comma = index + 1 < parts.count ? "," : ""
            var inner = part.value.json(level: level + 1, tail: comma)
            inner[0] = blanks + "  " + part.head + inner[0].dropFirst(level * 2 + 2)
            lines += inner
        }
        return lines + [blanks + close + tail]
    }
}
