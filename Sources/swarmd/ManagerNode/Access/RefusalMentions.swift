import Logging
import Primitives
import Synchronization
import Trust

/// Tells of refusals once a minute for each reason, however many there are.
final class RefusalMentions: Sendable {
    /// How long a reason is not mentioned again.
    static let pause = Duration.seconds(60)

    private struct Mention {
        var at: Timestamp
        /// How many were not told since.
        var untold = 0
    }

    private let log: Logger
    private let now: @Sendable () -> Timestamp
    private let mentions = Mutex<[Refusal.Reason: Mention]>([:])

    init(log: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.log = log
        self.now = now
    }

    /// Tells of `refusal` of a call to `method` from the address `peer`, unless it was told of one like it lately.
    func tell(_ refusal: Refusal, method: String, peer: String) {
        let now = self.now()
        let untold: Int? = self.mentions.withLock { mentions in
            if let last = mentions[refusal.reason], now - last.at < Self.pause, now >= last.at {
                mentions[refusal.reason]?.untold += 1
                return nil
            }
            defer { mentions[refusal.reason] = Mention(at: now) }
            return mentions[refusal.reason]?.untold ?? 0
        }
        guard let untold else { return }
        self.log.warning(
            "refused a call",
            metadata: [
                "reason": "\(refusal.reason.rawValue)", "method": "\(method)", "peer": "\(peer)",
                "more": "\(untold)",
            ]
        )
    }
}
