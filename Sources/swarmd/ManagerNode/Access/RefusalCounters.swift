import Synchronization
package import Trust

/// How many calls and connections were refused since this manager started, by reason.
package final class RefusalCounters: Sendable {
    private let table = Mutex<[Refusal.Reason: UInt64]>([:])

    package init() {}

    /// Counts one refusal.
    package func count(_ reason: Refusal.Reason) { self.table.withLock { $0[reason, default: 0] += 1 } }

    /// The reasons for which something was refused, in their fixed order.
    package var counts: [(reason: Refusal.Reason, count: UInt64)] {
        let table = self.table.withLock { $0 }
        return Refusal.Reason.allCases.compactMap { reason in table[reason].map { (reason, $0) } }
    }
}
