@testable import Linearizability
import Testing

@Suite struct TimelineTests {
    @Test func `an answer sees who was open, and who has no answer`() {
        let timeline = Timeline([(1, 4), (2, nil), (3, 6), (5, 7)])
        #expect(timeline.moments.map(\.returning) == [0, 2, 3])
        #expect(timeline.moments.map(\.open) == [[0, 2], [2, 3], [3]])
        #expect(timeline.moments.map(\.unknown) == [1, 1, 1])
        #expect(timeline.unknown == [1])
        #expect(timeline.isKnown == [true, false, true, true])
    }

    @Test func `operations that are open together have different bits`() {
        let timeline = Timeline([(1, 4), (2, nil), (3, 6), (5, 7)])
        #expect(timeline.bits == [0, 0, 1, 0])
    }
}
