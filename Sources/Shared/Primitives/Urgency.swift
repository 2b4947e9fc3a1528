/// How soon a certificate ends, and whether somebody should care.
///
/// Nodes renew after 50 to 80 % of their certificate's life, so its last days mean that renewal fails. Of a life of
/// 90 days, which is the usual one, the last 30 and the last 7 days are marked; of a shorter one its last third and
/// its last twelfth, for a certificate of an hour is no emergency.
package enum Urgency: Int, Sendable, Comparable, CaseIterable {
    case fine, soon, critical, expired

    /// The longest times before the end that are marked.
    package static let warning = Duration.seconds(30 * 86_400)
    package static let alarm = Duration.seconds(7 * 86_400)

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// How long before the end of such a life it is `soon` and `critical`; of an unknown life, a usual one's.
    package static func marks(life: Duration?) -> (soon: Duration, critical: Duration) {
        guard let life else { return (Self.warning, Self.alarm) }
        return (min(Self.warning, life / 3), min(Self.alarm, life / 12))
    }

    /// The urgency at `now` of what is valid until `ends`.
    package init(starts: Timestamp?, ends: Timestamp, now: Timestamp) {
        let left = ends - now
        let marks = Self.marks(life: starts.map { ends - $0 })
        switch left {
        case ...Duration.zero: self = .expired
        case ...marks.critical: self = .critical
        case ...marks.soon: self = .soon
        default: self = .fine
        }
    }
}
