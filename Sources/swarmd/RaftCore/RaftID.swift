/// The number that names a member of a raft group; never given out twice.
package struct RaftID: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral,
    CustomStringConvertible
{
    /// Nobody: no leader, no vote, no transferee.
    package static let none = RaftID(rawValue: 0)

    /// The target of work for the local thread that makes the log durable (asynchronous storage only).
    package static let appendThread = RaftID(rawValue: .max)

    /// The target of work for the local thread that applies entries (asynchronous storage only).
    package static let applyThread = RaftID(rawValue: .max - 1)

    /// The number on the wire.
    package let rawValue: UInt64

    /// Names the member with this number.
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Names the member with this number.
    package init(integerLiteral value: UInt64) { self.rawValue = value }

    /// Whether this is one of the two local threads rather than a member.
    package var isLocalThread: Bool { self == .appendThread || self == .applyThread }

    /// The number in decimal.
    package var description: String { String(self.rawValue) }

    /// Orders members by number; every walk over peers is in this order.
    package static func < (left: RaftID, right: RaftID) -> Bool { left.rawValue < right.rawValue }
}
