import Logging
import Primitives
import SwarmRPC

/// Decides how the end of a session, or of an attempt at one, is logged: the same is not said again and again.
struct SessionMentions: Sendable {
    /// How long an end for the same reason is kept from the log.
    static let interval = Duration.seconds(60)
    /// The same where the cluster let the node go, which nothing but an operator changes.
    static let dismissalInterval = Duration.seconds(3_600)

    /// What is logged.
    struct Line: Sendable, Equatable {
        let level: Logger.Level
        let message: String
        let reason: String
    }

    private var last: String?
    private var told: Timestamp?

    init() {}

    /// How to tell that a session ended for the reason `end`.
    mutating func line(for end: any Error, at now: Timestamp) -> Line {
        let (reason, isDismissal) = (ConnectionFault.text(end), SessionEnd.isDismissal(end))
        let message = isDismissal ? Self.dismissal : "session ended"
        let interval = isDismissal ? Self.dismissalInterval : Self.interval
        if reason == self.last, let told = self.told, now < told + interval {
            return Line(level: .debug, message: message, reason: reason)
        }
        (self.last, self.told) = (reason, now)
        return Line(level: isDismissal ? .warning : .info, message: message, reason: reason)
    }

    /// A session was open: whatever ends it is news.
    mutating func opened() { (self.last, self.told) = (nil, nil) }

    private static let dismissal =
        "the cluster removed this node: `swarmd leave --force` makes it ready for another one"
}
