/// The functions that every template has: Go's own, and SwarmKit's `join`.
enum TemplateBuiltins {
    static let names: Set<String> = [
        "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice", "print", "printf",
        "println",
        "html", "js", "urlquery", "join",
    ]

    /// Carries out the function `name`, but for `and` and `or`, which do not look at all arguments; nil where it is no
    /// function of these.
    static func call(
        _ name: String,
        _ arguments: [TemplateValue]
    ) throws(TemplateFault) -> TemplateValue? {
        switch name {
        case "not": .truth(!(try Self.one(arguments).isTrue))
        case "eq", "ne", "lt", "le", "gt", "ge": .truth(try Self.compare(name, arguments))
        case "len": .number(try Self.length(try Self.one(arguments)))
        case "index": try Self.index(arguments)
        case "slice": try Self.slice(arguments)
        case "print": .text(TemplateFormat.line(arguments, alwaysSpaced: false))
        case "println": .text(TemplateFormat.line(arguments, alwaysSpaced: true) + [0x0a])
        case "printf": .text(try TemplateFormat.format(arguments))
        case "html": .text(TemplateEscapes.html(TemplateFormat.line(arguments, alwaysSpaced: false)))
        case "js": .text(TemplateEscapes.script(TemplateFormat.line(arguments, alwaysSpaced: false)))
        case "urlquery": .text(TemplateEscapes.query(TemplateFormat.line(arguments, alwaysSpaced: false)))
        case "join": try Self.join(arguments)
        default: nil
        }
    }

    private static func one(_ arguments: [TemplateValue]) throws(TemplateFault) -> TemplateValue {
        guard arguments.count == 1 else {
            throw TemplateFault("there is one argument, not \(arguments.count)")
        }
        return arguments[0]
    }

    /// Joins the texts after the first one, with that between them (SwarmKit `template/template.go`).
    private static func join(_ arguments: [TemplateValue]) throws(TemplateFault) -> TemplateValue {
        var texts: [[UInt8]] = []
        for argument in arguments {
            guard case .text(let text) = argument else {
                throw TemplateFault("a \(argument.type) is no text")
            }
            texts.append(text)
        }
        guard let separator = texts.first else { throw TemplateFault("the separator is missing") }
        return .text(Array(texts.dropFirst().joined(separator: separator)))
    }

    private static func length(_ value: TemplateValue) throws(TemplateFault) -> Int {
        switch value {
        case .text(let bytes): bytes.count
        case .map(let map): map.count
        case .number, .fraction, .truth, .nothing, .record:
            throw TemplateFault("a \(value.type) has no length")
        }
    }

    /// What a map or a text has at a key or place; a key that is not there is an empty text, as in Go.
    private static func index(_ arguments: [TemplateValue]) throws(TemplateFault) -> TemplateValue {
        guard var value = arguments.first else { throw TemplateFault("an argument is missing") }
        for key in arguments.dropFirst() {
            switch (value, key) {
            case (.map(let map), .text(let key)):
                value = .text(map[String(decoding: key, as: UTF8.self)] ?? "")
            case (.text(let bytes), .number(let place)):
                guard bytes.indices.contains(place) else {
                    throw TemplateFault("there is no byte \(place) in a text of \(bytes.count)")
                }
                value = .number(Int(bytes[place]))
            default: throw TemplateFault("a \(value.type) has nothing at a \(key.type)")
            }
        }
        return value
    }

    private static func slice(_ arguments: [TemplateValue]) throws(TemplateFault) -> TemplateValue {
        guard case .text(let bytes)? = arguments.first, arguments.count <= 3 else {
            throw TemplateFault("a text and at most two places are sliced")
        }
        var places: [Int] = []
        for argument in arguments.dropFirst() {
            guard case .number(let place) = argument else {
                throw TemplateFault("a \(argument.type) is no place")
            }
            places.append(place)
        }
        let (start, end) = (places.first ?? 0, places.count > 1 ? places[1] : bytes.count)
        guard start >= 0, start <= end, end <= bytes.count else {
            throw TemplateFault("\(start) to \(end) is not within a text of \(bytes.count) bytes")
        }
        return .text(Array(bytes[start..<end]))
    }
}

// MARK: - Comparisons

extension TemplateBuiltins {
    private static func compare(_ name: String, _ arguments: [TemplateValue]) throws(TemplateFault) -> Bool {
        guard arguments.count >= 2, name == "eq" || arguments.count == 2 else {
            throw TemplateFault("there are two arguments, not \(arguments.count)")
        }
        let (left, right) = (arguments[0], arguments[1])
        switch name {
        case "eq":
            var isEqual = false
            // All are compared: one of a wrong type is a mistake wherever it stands.
            for other in arguments.dropFirst() where try Self.areEqual(left, other) { isEqual = true }
            return isEqual
        case "ne": return !(try Self.areEqual(left, right))
        case "lt": return try Self.isLess(left, right)
        case "le": return !(try Self.isLess(right, left))
        case "gt": return try Self.isLess(right, left)
        default: return !(try Self.isLess(left, right))
        }
    }

    private static func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFault) -> Bool
    {
        switch (left, right) {
        case (.text(let left), .text(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.fraction(let left), .fraction(let right)): left == right
        case (.truth(let left), .truth(let right)): left == right
        case (.nothing, _), (_, .nothing): left == right
        default: throw TemplateFault("a \(left.type) and a \(right.type) cannot be compared")
        }
    }

    private static func isLess(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFault) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        case (.number(let left), .number(let right)): left < right
        case (.fraction(let left), .fraction(let right)): left < right
        default: throw TemplateFault("a \(left.type) and a \(right.type) cannot be ordered")
        }
    }
}
