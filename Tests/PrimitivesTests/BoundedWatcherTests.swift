import Primitives
import Testing

@Suite struct BoundedWatcherTests {
    @Test func `a watcher gets events in order`() async {
        let watcher = BoundedWatcher<Int>(limit: 4)
        for number in 1...4 { #expect(watcher.offer(number)) }
        watcher.finish()
        var seen: [Int] = []
        for await number in watcher.events { seen.append(number) }
        #expect(seen == [1, 2, 3, 4])
    }

    @Test func `a watcher that lags is ended, and keeps what it had`() async {
        let watcher = BoundedWatcher<Int>(limit: 2)
        #expect(watcher.offer(1))
        #expect(watcher.offer(2))
        #expect(!watcher.offer(3))
        #expect(!watcher.offer(4))
        var seen: [Int] = []
        for await number in watcher.events { seen.append(number) }
        #expect(seen == [1, 2])
    }
}
