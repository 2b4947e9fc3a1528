import BenchSupport
import Foundation
import Synchronization

/// A few writes to each member at any time, and when they were acknowledged.
///
/// It is a client that knows all members: one of them is enough for a write to succeed.
final class Trickle: Sendable {
    /// A write that takes longer is given up, as one to a member that waits for a leader.
    private static let limit = Duration.milliseconds(250)
    private static let pause = Duration.milliseconds(5)

    /// An acknowledged write.
    private struct Write: Sendable {
        var began: ContinuousClock.Instant
        var ended: ContinuousClock.Instant
    }

    private let writes = Mutex<[Write]>([])

    /// Writes to each endpoint until it is cancelled; `name` begins the objects' names.
    func run(on endpoints: [Endpoint], name: String) async {
        await withTaskGroup(of: Void.self) { group in
            for (member, endpoint) in endpoints.enumerated() {
                group.addTask {
                    // A connection's end is its member's, which others' writes bridge.
                    try? await Connection.with(endpoint) { await self.write(on: $0[0], "\(name)-\(member)") }
                }
            }
        }
    }

    private func write(on connection: Connection, _ name: String) async {
        let value = Data(repeating: 7, count: Load.valueBytes)
        var number = 0
        while !Task.isCancelled {
            number += 1
            let began = ContinuousClock.now
            if (try? await connection.write("\(name)-\(number)", value, within: Self.limit)) != nil {
                let write = Write(began: began, ended: .now)
                self.writes.withLock { $0.append(write) }
            }
            try? await ContinuousClock().sleep(for: Self.pause)
        }
    }

    /// Whether a write that began after `instant` was acknowledged.
    func succeeded(after instant: ContinuousClock.Instant) -> Bool {
        self.writes.withLock { $0.contains { $0.began > instant } }
    }

    /// The longest time without an acknowledgement, from the last one before `instant` on.
    func longestGap(from instant: ContinuousClock.Instant) -> Duration? {
        self.gaps(from: instant).map { $1 - $0 }.max()
    }

    /// The times between acknowledgements, from the last one before `instant` on.
    func gaps(
        from instant: ContinuousClock.Instant
    ) -> [(ContinuousClock.Instant, ContinuousClock.Instant)] {
        let times = self.writes.withLock { $0.map(\.ended).sorted() }
        guard let last = times.lastIndex(where: { $0 <= instant }) else { return [] }
        return Array(zip(times[last...], times[(last + 1)...]))
    }
}
