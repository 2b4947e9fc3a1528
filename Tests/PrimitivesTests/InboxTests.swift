import Primitives
import Synchronization
import Testing

/// A clock whose sleepers wake when a test says so.
private final class HandClock: WallClock {
    private let wake = Inbox<Void>(limit: 8)
    let now = Timestamp(seconds: 0)

    func sleep(until moment: Timestamp) async throws { _ = await self.wake.take(until: nil, clock: self) }
    func strike() { self.wake.put(()) }
}

@Suite struct InboxTests {
    private let clock = HandClock()

    @Test func `a reader takes all that is there at once`() async {
        let inbox = Inbox<Int>(limit: 8)
        for number in 1...3 { inbox.put(number) }
        #expect(await inbox.take(until: nil, clock: self.clock) == [1, 2, 3])
    }

    @Test func `a waiting reader is woken by an element`() async {
        let inbox = Inbox<Int>(limit: 8)
        async let taken = inbox.take(until: nil, clock: self.clock)
        inbox.put(7)
        #expect(await taken == [7])
    }

    @Test func `a deadline that passes gives nothing`() async {
        let inbox = Inbox<Int>(limit: 8)
        async let taken = inbox.take(until: Timestamp(seconds: 1), clock: self.clock)
        self.clock.strike()
        #expect(await taken == [])
    }

    @Test func `a finished inbox gives what it has, and then nil`() async {
        let inbox = Inbox<Int>(limit: 8)
        inbox.put(1)
        inbox.finish()
        #expect(!inbox.put(2))
        #expect(await inbox.take(until: nil, clock: self.clock) == [1])
        #expect(await inbox.take(until: nil, clock: self.clock) == nil)
    }

    @Test func `an inbox that overflows finishes`() async {
        let inbox = Inbox<Int>(limit: 2)
        #expect(inbox.put(1))
        #expect(inbox.put(2))
        #expect(!inbox.put(3))
        #expect(await inbox.take(until: nil, clock: self.clock) == [1, 2])
        #expect(await inbox.take(until: nil, clock: self.clock) == nil)
    }

    @Test func `a cancelled reader gets nil`() async {
        let inbox = Inbox<Int>(limit: 2)
        let clock = self.clock
        let result = await withTaskGroup(of: [Int]?.self) { group in
            group.addTask { await inbox.take(until: nil, clock: clock) }
            group.cancelAll()
            return await group.next() ?? []
        }
        #expect(result == nil)
    }
}
