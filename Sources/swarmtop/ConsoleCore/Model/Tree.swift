import SwarmAPI
import SwiftProtobuf

/// An object's fields with their names, as JSON has them.
indirect enum Tree: Sendable, Equatable {
    /// A field of an object.
    struct Member: Sendable, Equatable {
        var name: String
        var value: Tree
    }

    case object([Member])
    case list([Tree])
    case text(String)
    /// A number or a truth value, as it is written.
    case word(String)

    /// The fields of a cluster's object that are set; nil where it cannot be written.
    init?(_ object: SwarmObject) {
        var options = JSONEncodingOptions()
        options.alwaysPrintInt64sAsNumbers = true
        options.useDeterministicOrdering = true
        let json: String? =
            switch object.object {
            case .node(let node): try? node.jsonString(options: options)
            case .service(let service): try? service.jsonString(options: options)
            case .task(let task): try? task.jsonString(options: options)
            case .network(let network): try? network.jsonString(options: options)
            case .secret(let secret): try? secret.jsonString(options: options)
            case .config(let config): try? config.jsonString(options: options)
            default: nil
            }
        guard let json else { return nil }
        self.init(json: json)
    }

    /// Reads JSON that a serializer wrote; nil where it is none.
    init?(json: String) {
        var reader = JSONReader(json)
        guard let tree = reader.value() else { return nil }
        self = tree
    }

    var isEmpty: Bool {
        switch self {
        case .object(let members): members.isEmpty
        case .list(let items): items.isEmpty
        case .text, .word: false
        }
    }
}

/// Reads JSON without its corner cases: a serializer of ours has written it.
private struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { self.bytes = Array(text.utf8) }

    mutating func value() -> Tree? {
        switch self.next() {
        case UInt8(ascii: "{"): return self.object()
        case UInt8(ascii: "["): return self.list()
        case UInt8(ascii: "\""): return self.string().map { .text($0) }
        case nil: return nil
        default:
            let start = self.position
            while let byte = self.peek, !Array(",]} \n".utf8).contains(byte) { self.position += 1 }
            return .word(String(decoding: self.bytes[start..<self.position], as: UTF8.self))
        }
    }

    private var peek: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    /// The next byte that is no blank.
    private mutating func next() -> UInt8? {
        while let byte = self.peek, Array(" \n\t\r".utf8).contains(byte) { self.position += 1 }
        return self.peek
    }

    /// Goes over `byte`, if it is next.
    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard self.next() == UInt8(ascii: byte) else { return false }
        self.position += 1
        return true
    }

    private mutating func object() -> Tree? {
        var members: [Tree.Member] = []
        guard self.skip("{") else { return nil }
        if self.skip("}") { return .object([]) }
        repeat {
            guard self.next() == UInt8(ascii: "\""), let name = self.string(), self.skip(":"),
                let value = self.value()
            else { return nil }
            members.append(Tree.Member(name: name, value: value))
        } while self.skip(",")
        return self.skip("}") ? .object(members) : nil
    }

    private mutating func list() -> Tree? {
        var items: [Tree] = []
        guard self.skip("[") else { return nil }
        if self.skip("]") { return .list([]) }
        repeat {
            guard let item = self.value() else { return nil }
            items.append(item)
        } while self.skip(",")
        return self.skip("]") ? .list(items) : nil
    }

    private mutating func string() -> String? {
        guard self.skip("\"") else { return nil }
        var units: [UInt8] = []
        while let byte = self.peek {
            self.position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = self.escape() else { return nil }
                units += Array(String(escaped).utf8)
            default: units.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = self.peek else { return nil }
        self.position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"):
            let digits = self.bytes[self.position...].prefix(4)
            self.position += digits.count
            return UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
        default: return Unicode.Scalar(byte)
        }
    }
}
