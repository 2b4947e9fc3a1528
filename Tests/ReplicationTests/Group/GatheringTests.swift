import Testing

@testable import Replication

struct GatheringTests {
    @Test func `a single client never waits`() {
        var gathering = Gathering(limit: 256)
        for _ in 0..<10 {
            gathering.proposed(whileUnderWay: false)
            gathering.left(1, isOverdue: false)
            #expect(gathering.target == 1)
        }
    }

    @Test func `what comes while a batch is on its way makes the next one larger`() {
        var gathering = Gathering(limit: 256)
        for _ in 0..<9 {
            gathering.proposed(whileUnderWay: true)
            gathering.left(gathering.target, isOverdue: false)
        }
        #expect(gathering.target == 10)
        // Nobody else is there: all waited for this one.
        gathering.left(10, isOverdue: false)
        #expect(gathering.target == 5)
    }

    @Test func `proposals of the same moment show that there are several clients`() {
        var gathering = Gathering(limit: 256)
        gathering.left(7, isOverdue: false)
        #expect(gathering.target == 7)
    }

    @Test func `clients that go away are waited for once`() {
        var gathering = Gathering(limit: 256)
        for _ in 0..<99 {
            gathering.proposed(whileUnderWay: true)
            gathering.left(gathering.target, isOverdue: false)
        }
        #expect(gathering.target == 100)
        gathering.left(2, isOverdue: true)
        #expect(gathering.target == 2)
    }

    @Test func `no batch is larger than the limit`() {
        var gathering = Gathering(limit: 4)
        for _ in 0..<9 {
            gathering.proposed(whileUnderWay: true)
            gathering.left(gathering.target, isOverdue: false)
        }
        #expect(gathering.target == 4)
    }
}
