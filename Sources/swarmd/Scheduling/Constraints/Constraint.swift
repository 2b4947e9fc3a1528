package import SwarmAPI

/// One placement constraint: a fact of a node that must, or must not, have a value.
///
/// The language is SwarmKit's (`manager/constraint/constraint.go`): `key==value` or `key!=value`, both
/// compared whole and without regard to case. A key that the language does not know is legal and matches
/// no node, so that a newer client's spec is refused by placement and not by decoding.
///
/// Ours has more: `key>=number` and its like compare numbers (`16G` is one), with `node.cpus` and `node.memory`
/// beside labels; and `key in (a, b)` and `key not in (a, b)` name several values.
package struct Constraint: Sendable, Hashable {
    /// The fact of a node that a key names.
    enum Subject: Sendable, Hashable {
        case id
        case hostname
        case address(AddressPattern)
        case role
        case operatingSystem
        case architecture
        case nodeLabel(String)
        case engineLabel(String)
        /// How many processors the node has.
        case processors
        /// How many bytes of memory it has.
        case memory
        /// Matches no node under either operator: an unknown key, or an address that cannot be read.
        case nothing
    }

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atLeast = ">="
        case atMost = "<="
        case more = ">"
        case less = "<"
        case noneOf = " not in "
        case oneOf = " in "

        /// Whether the value is a list in parentheses.
        var takesList: Bool { self == .oneOf || self == .noneOf }
    }

    let subject: Subject
    let comparison: Comparison
    /// The value that is compared with, in lower case.
    let expected: String
    /// The values of a list, in lower case; else the one.
    let choices: [String]

    /// Reads one expression such as `node.labels.zone==east`.
    package init(_ expression: String) throws(ConstraintError) {
        let (key, comparison, value) = try Self.split(expression)
        guard Self.isKey(key) else { throw .invalidKey(key, expression: expression) }
        let choices = comparison.takesList ? Self.list(value) : [value]
        guard let choices, choices.allSatisfy(Self.isValue),
            !comparison.isOrder || Quantity(value) != nil
        else { throw .invalidValue(value, expression: expression) }
        self.subject = Subject(key: key, value: value)
        self.comparison = comparison
        self.expected = value.lowercased()
        self.choices = choices.map { $0.lowercased() }
    }

    /// Reads the constraints of a placement; all of them must hold.
    package static func parse(_ expressions: [String]) throws(ConstraintError) -> [Constraint] {
        var constraints: [Constraint] = []
        for expression in expressions { constraints.append(try Constraint(expression)) }
        return constraints
    }

    /// Tells whether `node` satisfies the constraint.
    ///
    /// A label that the node does not have counts as empty, so `!=` holds for it.
    package func matches(_ node: SwarmNode) -> Bool {
        switch self.subject {
        case .id: self.holds(node.id)
        case .hostname: self.holds(node.description_p.hostname)
        case .address(let pattern): self.holds(node.status.addr, in: pattern)
        case .role: self.holds(node.role == .manager ? "manager" : "worker")
        case .operatingSystem: self.holds(node.description_p.platform.os)
        case .architecture: self.holds(node.description_p.platform.architecture)
        case .nodeLabel(let label): self.holds(node.spec.annotations.labels[label] ?? "")
        case .engineLabel(let label): self.holds(node.description_p.engine.labels[label] ?? "")
        case .processors: self.holds(Quantity(Double(node.description_p.resources.nanoCpus) / 1e9))
        case .memory: self.holds(Quantity(Double(node.description_p.resources.memoryBytes)))
        case .nothing: false
        }
    }

    private func holds(_ found: String) -> Bool {
        switch self.comparison {
        case .equal: found == self.expected || found.lowercased() == self.expected
        case .unequal: found != self.expected && found.lowercased() != self.expected
        case .oneOf: self.choices.contains(found.lowercased())
        case .noneOf: !self.choices.contains(found.lowercased())
        case .atLeast, .atMost, .more, .less: Quantity(found).map(self.holds) ?? false
        }
    }

    private func holds(_ found: Quantity) -> Bool {
        let choices = self.choices.compactMap(Quantity.init)
        guard let expected = choices.first else { return false }
        return switch self.comparison {
        case .equal, .oneOf: choices.contains(found)
        case .unequal, .noneOf: !choices.contains(found)
        case .atLeast: found >= expected
        case .atMost: found <= expected
        case .more: found > expected
        case .less: found < expected
        }
    }

    private func holds(_ address: String, in pattern: AddressPattern) -> Bool {
        switch self.comparison {
        case .equal: pattern.contains(address)
        case .unequal: !pattern.contains(address)
        case .atLeast, .atMost, .more, .less, .oneOf, .noneOf: false
        }
    }
}

extension Constraint {
    /// Splits at the first operator; `==` is looked for first, then `!=`, as SwarmKit does.
    private static func split(
        _ expression: String
    ) throws(ConstraintError) -> (key: String, comparison: Comparison, value: String) {
        let bytes = Array(expression.utf8)
        for comparison in Comparison.allCases {
            let mark = Array(comparison.rawValue.utf8)
            guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else {
                continue
            }
            let key = String(decoding: bytes[..<start], as: UTF8.self)
            let value = String(decoding: bytes[(start + mark.count)...], as: UTF8.self)
            return (Self.trimmed(key), comparison, Self.trimmed(value))
        }
        throw .missingOperator(expression: expression)
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    /// The values of `(a, b)`; nil for anything else.
    private static func list(_ text: String) -> [String]? {
        guard text.hasPrefix("("), text.hasSuffix(")"), text.count > 2 else { return nil }
        return text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map { Self.trimmed(String($0)) }
    }

    /// At least two characters of letters, digits, `-`, `_` and `.`, the first a letter or `_`.
    private static func isKey(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count >= 2, first.isLetter || first == 0x5f else {
            return false
        }
        return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || Self.keyMarks.contains($0) }
    }

    /// Letters, digits, spaces and the marks that no operator uses or may come to use.
    private static func isValue(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || Self.valueMarks.contains($0) }
    }

    private static let keyMarks = Set("-_.".utf8)
    private static let valueMarks = Set(":-_.*()?+[]\\^$|/ \t\n\r\u{c}".utf8)
}

extension Constraint.Comparison {
    /// Whether it compares numbers only.
    fileprivate var isOrder: Bool {
        switch self {
        case .atLeast, .atMost, .more, .less: true
        case .equal, .unequal, .oneOf, .noneOf: false
        }
    }
}

extension Constraint.Subject {
    fileprivate init(key: String, value: String) {
        let folded = key.lowercased()
        self =
            switch folded {
            case "node.id": .id
            case "node.hostname": .hostname
            case "node.ip": AddressPattern(value).map(Self.address) ?? .nothing
            case "node.role": .role
            case "node.platform.os": .operatingSystem
            case "node.platform.arch": .architecture
            case "node.cpus": .processors
            case "node.memory": .memory
            default: Self.label(key, folded: folded)
            }
    }

    /// A label's own name keeps its case: labels are told apart by it.
    private static func label(_ key: String, folded: String) -> Self {
        for (prefix, make) in [("node.labels.", Self.nodeLabel), ("engine.labels.", Self.engineLabel)]
        where folded.hasPrefix(prefix) && folded.utf8.count > prefix.utf8.count {
            return make(String(key.dropFirst(prefix.count)))
        }
        return .nothing
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x61...0x7a).contains(self | 0x20) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
