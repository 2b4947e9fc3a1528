import GroupSimulation
import Testing

@Suite struct EventQueueTests {
    @Test func `events come in the order of time, and at one moment in the order of arrangement`() {
        var chance = Chance(seed: 3, concern: "queue")
        var queue = EventQueue<Int>()
        var expected: [(moment: Int, number: Int)] = []
        for number in 0..<500 {
            let moment = chance.number(in: 0...50)
            queue.add(number, at: Moment(microseconds: moment))
            expected.append((moment, number))
        }
        expected.sort { ($0.moment, $0.number) < ($1.moment, $1.number) }
        var found: [Int] = []
        while let next = queue.next() { found.append(next.event) }
        #expect(found == expected.map(\.number))
    }

    @Test func `the dice of two concerns differ, and those of one repeat`() {
        var first = Chance(seed: 1, concern: "disk")
        var same = Chance(seed: 1, concern: "disk")
        var other = Chance(seed: 1, concern: "network")
        let numbers = (0..<4).map { _ in first.number() }
        #expect(numbers == (0..<4).map { _ in same.number() })
        #expect(numbers != (0..<4).map { _ in other.number() })
    }

    @Test func `times have their mean`() {
        var chance = Chance(seed: 1, concern: "time")
        let times = (0..<20_000).map { _ in chance.time(mean: .milliseconds(1)).microseconds }
        #expect(950...1_050 ~= times.reduce(0, +) / times.count)
    }
}
