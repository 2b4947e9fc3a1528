/// A JSON value with its members in the order in which they were given.
///
/// Docker's inspect output has the order of its Go structs; `JSONEncoder` has none.
indirect enum JSON: Equatable, Sendable {
    case object([Member])
    case array([JSON])
    case string(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
    case null

    struct Member: Equatable, Sendable {
        var key: String
        var value: JSON
    }

    /// An object of the members that have a value.
    static func fields(_ members: (String, JSON?)...) -> JSON {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    /// An object from a map, sorted by key.
    static func map(_ map: [String: String]) -> JSON {
        .object(map.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: .string($0.value)) })
    }

    /// An array of strings.
    static func strings(_ texts: some Sequence<String>) -> JSON { .array(texts.map { .string($0) }) }

    /// The value on one line.
    var line: String { self.text(indent: nil, depth: 0) }

    /// The value on many lines, indented by four spaces as Docker does.
    var pretty: String { self.text(indent: "    ", depth: 0) }

    private func text(indent: String?, depth: Int) -> String {
        switch self {
        case .object(let members):
            Self.bracket(
                "{",
                members.map {
                    Self.quote($0.key) + (indent == nil ? ":" : ": ")
                        + $0.value.text(indent: indent, depth: depth + 1)
                },
                "}",
                indent: indent,
                depth: depth
            )
        case .array(let values):
            Self.bracket(
                "[",
                values.map { $0.text(indent: indent, depth: depth + 1) },
                "]",
                indent: indent,
                depth: depth
            )
        case .string(let text): Self.quote(text)
        case .integer(let value): "\(value)"
        case .number(let value):
            value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        }
    }

    private static func bracket(
        _ open: String,
        _ items: [String],
        _ close: String,
        indent: String?,
        depth: Int
    ) -> String {
        guard !items.isEmpty else { return open + close }
        guard let indent else { return open + items.joined(separator: ",") + close }
        let inner = "\n" + String(repeating: indent, count: depth + 1)
        let outer = "\n" + String(repeating: indent, count: depth)
        return open + inner + items.joined(separator: "," + inner) + outer + close
    }

    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
