package import Primitives
package import Trust

/// Decides when a node asks for its next certificate (SwarmKit `ca/renewer.go`).
///
/// At a moment of its own between 50 and 80 % of the present one's life; at once when the cluster gave the node another
/// role, has its certificate made anew, or the certificate has ended (P-05). After a failure it waits longer each time.
package struct RenewalPlan: Sendable {
    /// The pauses after failures begin here and double up to here (SwarmKit's).
    static let pauses = Duration.seconds(5)...Duration.seconds(3_600)
    /// From how long before the end a certificate that can't be renewed is warned of.
    package static let warning = Duration.seconds(30 * 86_400)
    /// The least time between two warnings.
    private static let warningInterval = Duration.seconds(86_400)
    /// How long a role that is only wanted is waited for before it is asked for.
    private static let wish = Duration.seconds(5)

    /// What the cluster says of the node.
    package struct Word: Sendable, Equatable {
        /// The role that the cluster takes the node for.
        package var role: NodeName.Role
        /// The role that an operator wants it to have.
        package var wanted: NodeName.Role
        /// Whether the authority asks for a new request.
        package var mustRotate: Bool

        package init(role: NodeName.Role, wanted: NodeName.Role, mustRotate: Bool) {
            self.role = role
            self.wanted = wanted
            self.mustRotate = mustRotate
        }
    }

    private var validity: Range<Timestamp>
    private var role: NodeName.Role
    private var due: Timestamp
    private var word: Word?
    /// When the present word was first heard.
    private var heardAt: Timestamp?
    /// The word that the present certificate was asked for at.
    private var answered: Word?
    private var failures = 0
    private var retryAt: Timestamp?
    private var warnedAt: Timestamp?
    private var isDemanded = false

    /// Begins with the certificate that the node has.
    package init(
        role: NodeName.Role,
        validity: Range<Timestamp>,
        using dice: inout some RandomNumberGenerator
    ) {
        self.role = role
        self.validity = validity
        self.due = CertificateLifetime.renewal(of: validity, using: &dice)
    }

    /// The cluster spoke of the node.
    package mutating func heard(_ word: Word, at now: Timestamp) {
        guard word != self.word else { return }
        self.word = word
        self.heardAt = now
        // What was answered is over when the cluster takes it back: the next time is a new one.
        if !word.mustRotate { self.answered = nil }
        // A new reason is worth a new try.
        (self.failures, self.retryAt) = (0, nil)
    }

    /// Somebody asks for a new certificate whatever the reason.
    package mutating func demand() {
        self.isDemanded = true
        (self.failures, self.retryAt) = (0, nil)
    }

    /// When to ask; a moment that has passed means at once.
    package func next(at now: Timestamp) -> Timestamp {
        let wanted = self.wanted(at: now)
        return self.retryAt.map { max($0, wanted) } ?? wanted
    }

    private func wanted(at now: Timestamp) -> Timestamp {
        if self.isDemanded { return now }
        let life = min(self.due, self.validity.upperBound)
        guard let word = self.word, let heardAt = self.heardAt else { return life }
        if word.role != self.role || (word.mustRotate && self.answered != word) { return now }
        guard word.wanted != self.role else { return life }
        return min(life, heardAt + Self.wish)
    }

    /// The node has a new certificate.
    package mutating func renewed(
        role: NodeName.Role,
        validity: Range<Timestamp>,
        at now: Timestamp,
        using dice: inout some RandomNumberGenerator
    ) {
        self.role = role
        self.validity = validity
        self.due = CertificateLifetime.renewal(of: validity, using: &dice)
        self.answered = self.word
        self.isDemanded = false
        // A certificate of another role than is wanted may be right for now: it is looked at again later.
        let isRight = self.word.map { $0.role == role && $0.wanted == role } ?? true
        if isRight {
            (self.failures, self.retryAt, self.warnedAt) = (0, nil, nil)
        } else {
            self.failed(at: now, using: &dice)
        }
    }

    /// Asking failed.
    package mutating func failed(at now: Timestamp, using dice: inout some RandomNumberGenerator) {
        let ceiling = min(Self.pauses.upperBound, Self.pauses.lowerBound * (1 << min(self.failures, 16)))
        self.failures += 1
        let nanoseconds = ceiling.wholeNanoseconds
        self.retryAt = now + .nanoseconds(Int64.random(in: nanoseconds / 2...nanoseconds, using: &dice))
    }

    /// How long the certificate still lives, when that is worth a warning; the same is not said twice a day.
    package mutating func warning(at now: Timestamp) -> Duration? {
        let left = self.validity.upperBound - now
        guard self.failures > 0, left < Self.warning else { return nil }
        if let warnedAt = self.warnedAt, now < warnedAt + Self.warningInterval { return nil }
        self.warnedAt = now
        return left
    }
}
