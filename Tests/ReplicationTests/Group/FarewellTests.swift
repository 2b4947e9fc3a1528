import RaftCore
import Replication
import Testing

struct FarewellTests {
    @Test func `a member that nobody removed asks nobody`() {
        var farewell = Farewell()
        for _ in 0..<1_000 {
            let asked = farewell.tick(votes: true, isApplied: false, others: [2, 3])
            #expect(asked.isEmpty)
        }
        #expect(!farewell.isOver)
    }

    @Test func `a learner to whom nobody speaks asks, since it does not campaign`() {
        var farewell = Farewell()
        var asked = 0
        for tick in 0..<100 {
            if tick < 50 { farewell.heard() }
            asked += farewell.tick(votes: false, isApplied: false, others: [2, 3]).count
        }
        #expect(asked == 10)
        #expect(!farewell.isOver)
    }

    @Test func `it asks once in a while, and goes when most know`() {
        var farewell = Farewell()
        var asked = 0
        for _ in 0..<20 { asked += farewell.tick(votes: true, isApplied: true, others: [2, 3, 4]).count }
        #expect(asked == 6)
        farewell.told(by: 2)
        farewell.told(by: 2)
        _ = farewell.tick(votes: true, isApplied: true, others: [2, 3, 4])
        #expect(!farewell.isOver)
        farewell.told(by: 4)
        _ = farewell.tick(votes: true, isApplied: true, others: [2, 3, 4])
        #expect(farewell.isOver)
    }

    @Test func `who hears it from others need not have it in its log`() {
        var farewell = Farewell()
        farewell.told(by: 2)
        let asked = farewell.tick(votes: true, isApplied: false, others: [2])
        #expect(asked.isEmpty && farewell.isOver)
    }

    @Test func `it goes in the end when nobody answers`() {
        var farewell = Farewell()
        var ticks = 0
        while !farewell.isOver, ticks < 1_000 {
            _ = farewell.tick(votes: true, isApplied: true, others: [2, 3])
            ticks += 1
        }
        #expect(ticks == 101)
    }
}
