import Synchronization

/// The calls that wait for a certificate: anybody may make them, so that there is an end to them.
final class StatusPolls: Sendable {
    /// How long one waits; its caller asks again.
    static let longest = Duration.seconds(30)
    /// How long before its caller gives up one ends.
    static let margin = Duration.milliseconds(500)
    /// How many wait in all, and of one address.
    static let all = 4_096
    static let ofAddress = 1_024

    private let waiting = Mutex<[String: Int]>([:])
    private let total: Int
    private let each: Int

    init(total: Int = StatusPolls.all, each: Int = StatusPolls.ofAddress) {
        self.total = total
        self.each = each
    }

    /// Notes a call from `address`; false if there are too many.
    ///
    /// What began must end.
    func begin(_ address: String) -> Bool {
        self.waiting.withLock { waiting in
            let own = waiting[address, default: 0]
            guard own < self.each, waiting.values.reduce(0, +) < self.total else { return false }
            waiting[address] = own + 1
            return true
        }
    }

    func end(_ address: String) {
        self.waiting.withLock { waiting in
            let left = waiting[address, default: 1] - 1
            waiting[address] = left > 0 ? left : nil
        }
    }
}
