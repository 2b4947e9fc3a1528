import ManagerNode
import Testing
import Trust

@Suite struct RefusalCountersTests {
    @Test func `what was refused is counted by reason`() {
        let counters = RefusalCounters()
        #expect(counters.counts.isEmpty)
        for reason in [Refusal.Reason.wrongRole, .noCertificate, .wrongRole] { counters.count(reason) }
        #expect(counters.counts.map(\.reason) == [.noCertificate, .wrongRole])
        #expect(counters.counts.map(\.count) == [1, 2])
    }
}
