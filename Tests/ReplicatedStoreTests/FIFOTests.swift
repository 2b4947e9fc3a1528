import ReplicatedStore
import Testing

struct FIFOTests {
    @Test func `elements come out in order however adding and taking alternate`() {
        var queue = FIFO<Int>()
        var expected = 0
        for number in 0..<2000 {
            queue.append(number)
            if number % 3 != 0 {
                #expect(queue.popFirst() == expected)
                expected += 1
            }
        }
        #expect(queue.count == 2000 - expected)
        #expect(Array(queue.contents) == Array(expected..<2000))
        queue.removeAll()
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }
}
