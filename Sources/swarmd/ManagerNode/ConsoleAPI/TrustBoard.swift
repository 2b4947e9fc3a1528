import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Trust

/// Keeps the certificates' summary for the consoles: it is made anew only after it was said to be old.
final class TrustBoard: Sendable {
    /// A summary with the number of its edition: equal numbers are equal summaries.
    struct Edition: Sendable {
        var number: UInt64
        var status: SwarmdTrustStatus
    }

    private struct State {
        var summary = TrustSummary()
        /// How often it was said that the summary is old, and how many of those it has taken in.
        var marks: UInt64 = 1
        var taken: UInt64 = 0
        /// The index of the state that the summary is of.
        var index: UInt64 = 0
        var refusals: [SwarmdRefusalCount] = []
        var edition = Edition(number: 0, status: .init())
    }

    private let state = Mutex(State())

    /// The cluster object or a node changed, or may have.
    func markOld() { self.state.withLock { $0.marks += 1 } }

    /// How often the summary was said to be old; to be asked for before the state is read that is to replace it,
    /// since what is committed in between makes it old again.
    var marks: UInt64 { self.state.withLock { $0.marks } }

    /// Whether a new edition would differ though the store did not change.
    func isDue(_ refusals: [SwarmdRefusalCount], now: Timestamp) -> Bool {
        self.state.withLock { board in
            board.refusals != refusals || board.summary.changesAt.map { now >= $0 } == true
        }
    }

    /// The summary of `store` as of `index` with `refusals`; it is looked at only if the one before is old.
    func edition(
        of store: (state: StoreState, index: UInt64),
        asOf marks: UInt64,
        _ refusals: [SwarmdRefusalCount],
        now: Timestamp
    ) -> Edition {
        self.state.withLock { board in
            let isOld = marks > board.taken || board.summary.changesAt.map { now >= $0 } == true
            if isOld, store.index >= board.index {
                board.summary.refresh(with: store.state, now: now)
                board.index = store.index
            } else if board.refusals == refusals {
                return board.edition
            }
            board.taken = max(board.taken, marks)
            board.refusals = refusals
            var status = board.summary.status
            status.refusals = refusals
            if board.edition.number == 0 || status != board.edition.status {
                board.edition = Edition(number: board.edition.number + 1, status: status)
            }
            return board.edition
        }
    }
}

extension RefusalCounters {
    /// The counts as consoles are told them.
    var told: [SwarmdRefusalCount] {
        self.counts.map { reason, count in
            .with {
                $0.reason = reason.rawValue
                $0.count = count
            }
        }
    }
}
