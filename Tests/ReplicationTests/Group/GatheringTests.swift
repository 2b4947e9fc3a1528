import Testing

@testable import Replication

struct GatheringTests {
    /// Lets `count` full batches leave, during each of which something came.
    private static func overlap(_ count: Int, _ gathering: inout Gathering) {
        for _ in 0..<count {
            gathering.proposed(whileUnderWay: true)
            gathering.left(gathering.target, isOverdue: false)
        }
    }

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
        Self.overlap(9, &gathering)
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
        Self.overlap(99, &gathering)
        #expect(gathering.target == 100)
        gathering.left(2, isOverdue: true)
        #expect(gathering.target == 2)
    }

    @Test func `no batch is larger than the limit`() {
        var gathering = Gathering(limit: 4)
        Self.overlap(9, &gathering)
        #expect(gathering.target == 4)
    }
}
