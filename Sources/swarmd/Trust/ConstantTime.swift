/// Comparisons whose time does not depend on where the sides differ, for what a stranger must not guess.
enum ConstantTime {
    /// Whether the texts are equal; only their lengths show in the time that it takes.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
