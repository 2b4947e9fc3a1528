import Logging
import Synchronization

/// Tells the log of connections that are turned away: once a minute of each kind, with how many there were meanwhile.
final class RefusalLog: Sendable {
    private struct Entry {
        var logged: ContinuousClock.Instant
        var unlogged = 0
    }

    /// How long a kind is not told of again.
    static let pause = Duration.seconds(60)

    private let entries = Mutex<[ConnectionRefusal: Entry]>([:])
    private let log: Logger
    private let refused: @Sendable (ConnectionRefusal) -> Void

    /// Also has `refused` count each one.
    init(_ log: Logger, _ refused: @escaping @Sendable (ConnectionRefusal) -> Void) {
        self.log = log
        self.refused = refused
    }

    /// `detail` without the places in the source of libraries that their errors name: "at /src/tls_record.cc:231".
    static func plain(_ detail: String) -> String {
        detail.replacing(#/ at [^ \])]+:[0-9]+/#, with: "")
    }

    /// Notes that the connection of `address` was turned away.
    func note(
        _ refusal: ConnectionRefusal,
        _ address: String?,
        _ detail: String = "",
        now: ContinuousClock.Instant = .now
    ) {
        self.refused(refusal)
        let unlogged = self.entries.withLock { entries -> Int? in
            if let entry = entries[refusal], now - entry.logged < Self.pause {
                entries[refusal]?.unlogged += 1
                return nil
            }
            return entries.updateValue(Entry(logged: now), forKey: refusal)?.unlogged ?? 0
        }
        guard let unlogged else { return }
        var metadata: Logger.Metadata = [
            "reason": "\(refusal.rawValue)", "peer": "\(address ?? "local")", "more": "\(unlogged)",
        ]
        // What a stranger sent may have any length.
        if !detail.isEmpty { metadata["detail"] = "\(Self.plain(detail).prefix(200))" }
        self.log.warning("turned a connection away", metadata: metadata)
    }
}
