import FoundationEssentials

/// A block of PEM whose headers count, in the form of Go's `encoding/pem`: headers sorted by name, an empty line,
/// base 64 in lines of 64 characters.
struct PEMBlock: Equatable {
    private static let lineLength = 64
    /// The longest text that is looked at; a key of RSA with 8,192 bits and its headers have a tenth of that.
    private static let longest = 65_536

    /// What it says that it holds, such as "PRIVATE KEY".
    var label: String
    /// Its headers by name; neither names nor values have an end of line, and names no colon.
    var headers: [String: String]
    /// What it holds.
    var bytes: [UInt8]

    init(label: String, headers: [String: String] = [:], bytes: [UInt8]) {
        self.label = label
        self.headers = headers
        self.bytes = bytes
    }

    /// The text, with the end of its last line.
    var text: String {
        var lines = ["-----BEGIN \(self.label)-----"]
        if !self.headers.isEmpty {
            lines += self.headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + [""]
        }
        var rest = Data(self.bytes).base64EncodedString()[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(Self.lineLength)))
            rest = rest.dropFirst(Self.lineLength)
        }
        lines.append("-----END \(self.label)-----")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads a text that is one block and nothing else; nil for any other.
    init?(parsing text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard let label = lines.popFirst().flatMap({ Self.label(of: $0, "BEGIN") }),
            lines.popLast().flatMap({ Self.label(of: $0, "END") }) == label
        else { return nil }
        var headers: [String: String] = [:]
        while let line = lines.first, let colon = line.firstIndex(of: ":") {
            let name = String(line[..<colon])
            let value = Self.trimmed(line[line.index(after: colon)...])
            guard headers.updateValue(value, forKey: name) == nil else { return nil }
            lines.removeFirst()
        }
        if !headers.isEmpty {
            guard lines.popFirst()?.isEmpty == true else { return nil }
        }
        guard let bytes = Data(base64Encoded: lines.joined()), !bytes.isEmpty else { return nil }
        self.init(label: label, headers: headers, bytes: Array(bytes))
    }

    private static func label(of line: Substring, _ kind: String) -> String? {
        let (head, tail) = ("-----\(kind) ", "-----")
        guard line.hasPrefix(head), line.hasSuffix(tail), line.count > head.count + tail.count else {
            return nil
        }
        return String(line.dropFirst(head.count).dropLast(tail.count))
    }

    private static func trimmed(_ value: Substring) -> String {
        String(value.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
