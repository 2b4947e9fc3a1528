/// A length of virtual time.
package struct Span: Sendable, Hashable, Comparable {
    /// Its length.
    package let microseconds: Int

    /// A length in microseconds.
    package init(microseconds: Int) { self.microseconds = microseconds }

    /// A length in milliseconds.
    package static func milliseconds(_ count: Int) -> Self { Self(microseconds: count * 1000) }

    /// A length in seconds.
    package static func seconds(_ count: Double) -> Self { Self(microseconds: Int(count * 1_000_000)) }

    /// Whether the left one is shorter.
    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// Both, one behind the other.
    package static func + (left: Self, right: Self) -> Self {
        Self(microseconds: left.microseconds + right.microseconds)
    }
}
