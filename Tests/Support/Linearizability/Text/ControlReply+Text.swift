extension ControlReply: CustomStringConvertible {
    /// The answer as on a line of a history.
    package var description: String {
        switch self {
        case .created(let id, let version): "created \(Word.encode(id)) \(version)"
        case .alreadyExists: "already-exists"
        case .updated(let version): "updated \(version)"
        case .outOfSequence: "out-of-sequence"
        case .removed: "removed"
        case .found(let id, let version, let value):
            "found \(Word.encode(id)) \(version) \(Word.encode(value))"
        case .notFound: "not-found"
        }
    }

    init(from reader: inout WordReader) throws(WordReader.Mistake) {
        let word = try reader.text("answer")
        switch word {
        case "created":
            self = .created(id: try reader.text("identifier"), version: try reader.number("version"))
        case "already-exists": self = .alreadyExists
        case "updated": self = .updated(version: try reader.number("version"))
        case "out-of-sequence": self = .outOfSequence
        case "removed": self = .removed
        case "found":
            self = .found(
                id: try reader.text("identifier"),
                version: try reader.number("version"),
                value: try reader.text("value")
            )
        case "not-found": self = .notFound
        default: throw .init(reason: "'\(word)' is no answer")
        }
    }
}
