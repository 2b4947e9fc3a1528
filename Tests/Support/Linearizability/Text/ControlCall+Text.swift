extension ControlCall: CustomStringConvertible {
    /// The call as on a line of a history.
    package var description: String {
        let action =
            switch self.action {
            case .create(let value): ["create", Word.encode(value)]
            case .update(let id, let version, let value):
                ["update", Word.encode(id), "\(version)", Word.encode(value)]
            case .remove(let id): ["remove", Word.encode(id)]
            case .get(let id): ["get", Word.encode(id)]
            }
        return ([Word.encode(self.key.kind), Word.encode(self.key.name)] + action).joined(separator: " ")
    }

    init(from reader: inout WordReader) throws(WordReader.Mistake) {
        let kind = try reader.text("kind")
        let name = try reader.text("name")
        self.init(kind: kind, name: name, try Self.action(&reader))
    }

    private static func action(_ reader: inout WordReader) throws(WordReader.Mistake) -> Action {
        let verb = try reader.text("action")
        switch verb {
        case "create": return .create(value: try reader.text("value"))
        case "update":
            return .update(
                id: try reader.optionalText("identifier"),
                version: try reader.number("version"),
                value: try reader.text("value")
            )
        case "remove": return .remove(id: try reader.optionalText("identifier"))
        case "get": return .get(id: try reader.optionalText("identifier"))
        default: throw .init(reason: "'\(verb)' is no action")
        }
    }
}
