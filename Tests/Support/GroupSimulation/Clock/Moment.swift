/// A moment of virtual time.
package struct Moment: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The time since the run began.
    package let microseconds: Int

    /// The moment `microseconds` after the run began.
    package init(microseconds: Int) { self.microseconds = microseconds }

    /// When the run begins.
    package static let start = Moment(microseconds: 0)

    /// Whether the left one is earlier.
    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The moment that much later.
    package static func + (moment: Self, span: Span) -> Self {
        Self(microseconds: moment.microseconds + span.microseconds)
    }

    /// The moment in seconds with six digits.
    package var description: String {
        let digits = String(self.microseconds % 1_000_000)
        return "\(self.microseconds / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
    }
}
