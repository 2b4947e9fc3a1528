import Primitives
import Testing

@Suite struct TimestampTests {
    @Test func `a moment moves by durations`() {
        let moment = Timestamp(seconds: 10)
        #expect(moment + .milliseconds(1_500) == Timestamp(nanoseconds: 11_500_000_000))
        #expect((moment + .seconds(2)) - moment == .seconds(2))
        #expect(moment < moment + .nanoseconds(1))
    }
}
