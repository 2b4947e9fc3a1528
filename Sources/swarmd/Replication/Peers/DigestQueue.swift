import SwarmAPI

/// The newest digests of the own store, and which of them a member still has to be sent.
///
/// Pure. A member that was away gets those that it missed, as far as they are kept.
struct DigestQueue: Sendable {
    /// How many are kept; a member that replays its log finds some of its own among them.
    static let kept = 8

    private var recent: [SwarmdStateDigest] = []
    private var unsent = 0

    /// Whether some have to be sent.
    var isDue: Bool { self.unsent > 0 }

    /// Adds the newest.
    mutating func add(_ digest: SwarmdStateDigest) {
        self.recent.append(digest)
        if self.recent.count > Self.kept { self.recent.removeFirst() }
        self.unsent = min(self.unsent + 1, self.recent.count)
    }

    /// All of them have to be sent, over a new connection.
    mutating func restart() { self.unsent = self.recent.count }

    /// Takes those that have to be sent, oldest first.
    mutating func take() -> [SwarmdStateDigest] {
        defer { self.unsent = 0 }
        return Array(self.recent.suffix(self.unsent))
    }
}
