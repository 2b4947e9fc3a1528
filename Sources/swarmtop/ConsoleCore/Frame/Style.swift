/// How a cell looks, by meaning: the painter decides what a role is on the terminal at hand.
package struct Style: Sendable, Hashable {
    /// What a cell means; colour only underlines it, as every role that matters has a word or a mark too.
    package enum Role: UInt8, Sendable, CaseIterable {
        case normal, title, heading, good, waiting, moving, bad, muted, key, border
    }

    package var role: Role
    /// On the row of the cursor.
    package var selected: Bool
    /// Data of a lost connection.
    package var stale: Bool

    package init(_ role: Role = .normal, selected: Bool = false, stale: Bool = false) {
        self.role = role
        self.selected = selected
        self.stale = stale
    }

    static let normal = Self()
}
