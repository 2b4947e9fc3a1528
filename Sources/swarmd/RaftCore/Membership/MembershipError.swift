/// Why a change of the group, or a group, is impossible.
package enum MembershipError: Error, Equatable {
    /// A joint configuration must be left before another one is entered.
    case alreadyJoint
    /// A joint configuration needs somebody who votes now.
    case noVotersToJoin
    /// There is no joint configuration to leave.
    case notJoint
    /// In a joint configuration single changes are impossible.
    case simpleWhileJoint
    /// Nobody would be left.
    case noVotersLeft
    /// Two changes of voters at once could have two leaders.
    case severalVotersChanged
    /// A group was described that breaks a rule.
    case contradictory(reason: String)
}
