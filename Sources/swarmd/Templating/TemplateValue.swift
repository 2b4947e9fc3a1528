/// What a template computes with.
package enum TemplateValue: Sendable, Equatable {
    /// Bytes, which need not be UTF-8.
    case text([UInt8])
    case number(Int)
    case fraction(Double)
    case truth(Bool)
    case nothing
    /// A map of texts, as labels are.
    case map([String: String])
    /// A struct of Go's: its fields in order.
    case record([Field])

    /// A field of a record.
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: TemplateValue

        package init(_ name: String, _ value: TemplateValue) {
            self.name = name
            self.value = value
        }
    }

    package static func text(_ text: String) -> Self { .text(Array(text.utf8)) }

    /// The type as messages name it.
    var type: String {
        switch self {
        case .text: "string"
        case .number: "int"
        case .fraction: "float64"
        case .truth: "bool"
        case .nothing: "nil"
        case .map: "map[string]string"
        case .record: "struct"
        }
    }

    /// Whether conditions hold for it: all but what is empty, zero or nothing.
    var isTrue: Bool {
        switch self {
        case .text(let bytes): !bytes.isEmpty
        case .number(let number): number != 0
        case .fraction(let fraction): fraction != 0
        case .truth(let truth): truth
        case .nothing: false
        case .map(let map): !map.isEmpty
        case .record: true
        }
    }

    /// The bytes that it is printed as, which are Go's for `%v`.
    var printed: [UInt8] {
        switch self {
        case .text(let bytes): bytes
        case .number(let number): Array(String(number).utf8)
        case .fraction(let fraction): Array(TemplateFormat.shortest(fraction).utf8)
        case .truth(let truth): Array((truth ? "true" : "false").utf8)
        case .nothing: Array("<no value>".utf8)
        case .map(let map):
            Array(
                "map[\(map.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " "))]"
                    .utf8
            )
        case .record(let fields):
            [0x7b] + Array(fields.map(\.value.printed).joined(separator: [0x20])) + [0x7d]
        }
    }

    /// The value as messages show it: on one line, and not long.
    var inMessages: String {
        let text = String(decoding: self.printed.prefix(40), as: UTF8.self)
        let line = String(text.map { $0.isNewline ? " " : $0 })
        if case .text = self { return "\"\(line)\"" }
        return line
    }
}
