import Primitives
import Testing

@testable import ManagerNode

@Suite struct OldestQueueTests {
    private static func entry(_ second: Int64) -> OldestQueue.Entry {
        .init(at: Timestamp(seconds: second), id: "t\(second)")
    }

    @Test func `the oldest entry that holds is found, whatever the order`() {
        var generator = SeededGenerator(seed: 7)
        var queue = OldestQueue()
        let seconds = (1...200).map(Int64.init).shuffled(using: &generator)
        for second in seconds { queue.insert(Self.entry(second)) }
        for first in Int64(1)...200 {
            let oldest = queue.oldest(live: 200) { $0.at >= Timestamp(seconds: first) }
            #expect(oldest == Timestamp(seconds: first))
        }
        #expect(queue.oldest(live: 0) { _ in false } == nil)
    }

    @Test func `stale entries do not pile up`() {
        var queue = OldestQueue()
        queue.insert(Self.entry(0))
        for second in Int64(1)...10_000 {
            queue.insert(Self.entry(second))
            // The oldest stays, so nothing stale ever reaches the top.
            let oldest = queue.oldest(live: 2) {
                $0.at == Timestamp(seconds: 0) || $0.at == Timestamp(seconds: second)
            }
            #expect(oldest == Timestamp(seconds: 0))
        }
        #expect(queue.count <= OldestQueue.minimumSize + 1)
    }
}
