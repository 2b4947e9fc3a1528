/// The text form of what a node keeps about a task: one `name value` on each line, names repeatable.
///
/// It is read by processes that must stay small, by operators, and by later releases: a name that a reader
/// does not know is skipped, and a change of meaning is a new version of the file around it.
package struct FieldText: Sendable, Equatable {
    private var fields: [(name: String, value: String)] = []

    package init() {}

    package static func == (left: Self, right: Self) -> Bool { left.encoded() == right.encoded() }

    /// Adds a field; `value` may hold any text.
    package mutating func add(_ name: String, _ value: String) { self.fields.append((name, value)) }

    package mutating func add(_ name: String, _ value: (some BinaryInteger)?) {
        if let value { self.add(name, String(value)) }
    }

    /// All values of that name, in order.
    package func all(_ name: String) -> [String] { self.fields.filter { $0.name == name }.map(\.value) }

    /// The last value of that name.
    package func last(_ name: String) -> String? { self.fields.last { $0.name == name }?.value }

    /// The last value of that name, if it is a number.
    package func number<Number: FixedWidthInteger>(
        _ name: String,
        as type: Number.Type = Number.self
    ) -> Number? {
        self.last(name).flatMap { Number($0) }
    }

    package func encoded() -> [UInt8] {
        var text: [UInt8] = []
        for field in self.fields {
            text += field.name.utf8
            text.append(0x20)
            for byte in field.value.utf8 {
                switch byte {
                case 0x0a: text += [0x5c, 0x6e]
                case 0x5c: text += [0x5c, 0x5c]
                default: text.append(byte)
                }
            }
            text.append(0x0a)
        }
        return text
    }

    /// Reads the form that is written by the method above.
    ///
    /// A last line without its end was not written to its end, and is dropped.
    package init(decoding bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
            guard let space = line.firstIndex(of: 0x20) else { continue }
            let value = Self.unescaped(line[(space + 1)...])
            self.add(String(decoding: line[..<space], as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var escaped = false
        for byte in bytes {
            if escaped {
                text.append(byte == 0x6e ? 0x0a : byte)
                escaped = false
            } else if byte == 0x5c {
                escaped = true
            } else {
                text.append(byte)
            }
        }
        return text
    }
}
