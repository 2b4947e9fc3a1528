/// Comparisons whose time does not depend on where the sides differ, for what a stranger must not guess.
enum ConstantTime {
    /// Whether the texts are equal; only their lengths show in the time that it takes.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        Self.areEqual(Array(left.utf8), Array(right.utf8))
    }

    /// Whether the bytes are equal; likewise.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
