/// A name that has to be typed before what cannot be undone: no slip of a finger types it.
struct TypedName: Sendable, Equatable {
    /// What has to be typed.
    let wanted: String
    private(set) var typed = ""

    /// Longer names are typed as identifiers, whose beginning is enough.
    private static let lengthLimit = 32
    private static let identifierPart = 8

    /// Asks for `name`; for the beginning of `id` where not every keyboard has the name's letters.
    init(_ name: String, id: String) {
        let isTypable = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        let isGiven = !name.isEmpty && name.utf8.count <= Self.lengthLimit && isTypable
        self.wanted = isGiven ? name : String(id.prefix(Self.identifierPart))
    }

    var isComplete: Bool { !self.wanted.isEmpty && self.typed == self.wanted }

    /// Takes a key of the field; pasted text is not typed.
    mutating func take(_ key: Key) {
        switch key {
        case .character(let character) where self.typed.count < Self.lengthLimit:
            self.typed.append(character)
        case .backspace, .delete: self.typed = String(self.typed.dropLast())
        case .control("u"): self.typed = ""
        default: break
        }
    }
}
