import RaftCore
import Testing

@Suite struct ProgressTests {
    private func progress(next: UInt64 = 1, match: UInt64 = 0, limit: Int = 8) -> Progress {
        var progress = Progress(next: next, inflights: InflightWindow(limit: limit))
        if match > 0 { _ = progress.acknowledge(match) }
        return progress
    }

    @Test func `a member is probed one message at a time`() {
        var progress = self.progress()
        #expect(!progress.isPaused)
        progress.sent(entries: 0, bytes: 0)
        #expect(!progress.isPaused)
        progress.sent(entries: 2, bytes: 10)
        #expect(progress.isPaused)
        #expect(progress.next == 1)
    }

    @Test func `while it replicates a leader believes in what it sent`() {
        var progress = self.progress(match: 4, limit: 2)
        progress.becomeReplicate()
        progress.sent(entries: 3, bytes: 1)
        #expect(progress.next == 8)
        #expect(!progress.isPaused)
        progress.sent(entries: 1, bytes: 1)
        #expect(progress.isPaused)
        #expect(progress.inflights.isFull)
    }

    @Test(
        arguments: [(3, false, 3, 5), (5, true, 5, 6), (9, true, 9, 10)] as [(UInt64, Bool, UInt64, UInt64)]
    )
    func `acknowledgements only go forward`(index: UInt64, isNews: Bool, match: UInt64, next: UInt64) {
        var progress = self.progress(next: 5, match: 3)
        #expect(progress.acknowledge(index) == isNews)
        #expect(progress.match == match)
        #expect(progress.next == next)
    }

    @Test(
        arguments: [
            // State, match, next, what is refused, the hint; whether it counts, and the next entry
            // afterwards.
            (true, 5, 10, 5, 5, false, 10), (true, 5, 10, 4, 4, false, 10), (true, 5, 10, 9, 9, true, 6),
            (false, 0, 0, 0, 0, false, 0), (false, 0, 10, 5, 5, false, 10), (false, 0, 10, 9, 9, true, 9),
            (false, 0, 2, 1, 1, true, 1), (false, 0, 1, 0, 0, true, 1), (false, 0, 10, 9, 2, true, 3),
            (false, 0, 10, 9, 0, true, 1),
        ].filter { $0.2 > 0 } as [(Bool, UInt64, UInt64, UInt64, UInt64, Bool, UInt64)]
    )
    func `refusals lead back to where the logs may agree`(
        replicates: Bool,
        match: UInt64,
        next: UInt64,
        refused: UInt64,
        hint: UInt64,
        counts: Bool,
        after: UInt64
    ) {
        var progress = self.progress(next: next, match: match)
        if replicates {
            progress.becomeReplicate()
            progress.sent(entries: Int(next - progress.next), bytes: 0)
        }
        #expect(progress.reject(refused, hint: hint) == counts)
        #expect(progress.next == after)
    }

    @Test func `a snapshot that arrived is probed after, one that did not before`() {
        var arrived = self.progress(next: 5, match: 1)
        arrived.becomeSnapshot(10)
        #expect(arrived.isPaused)
        #expect(arrived.next == 11)
        var failed = arrived
        arrived.becomeProbe()
        #expect(arrived.next == 11)
        failed.snapshotFailed()
        #expect(failed.next == 2)
    }

    @Test func `a window counts messages and frees them in order`() {
        var window = InflightWindow(limit: 10)
        for index in 1...10 as ClosedRange<UInt64> { window.add(index * 10, bytes: 1) }
        #expect(window.isFull)
        window.free(through: 9)
        #expect(window.count == 10)
        window.free(through: 49)
        #expect(window.count == 6)
        for index in 11...14 as ClosedRange<UInt64> { window.add(index * 10, bytes: 1) }
        #expect(window.isFull)
        window.free(through: 140)
        #expect(window.count == 0)
        #expect(!window.isFull)
    }

    @Test func `a window counts bytes, and the message that reaches the limit still goes`() {
        var window = InflightWindow(limit: 10, byteLimit: 100)
        window.add(1, bytes: 90)
        #expect(!window.isFull)
        window.add(2, bytes: 50)
        #expect(window.isFull)
        window.free(through: 1)
        #expect(!window.isFull)
        window.reset()
        #expect(window.count == 0)
    }
}
