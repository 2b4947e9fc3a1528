import Primitives
import Testing

@testable import ConsoleCore

@Suite struct ExpiryTests {
    private static let day: Int64 = 86_400

    @Test(arguments: [
        (61 * Self.day, "61d"), (30 * Self.day + 1, "30d"), (30 * Self.day, "30d!"), (8 * Self.day, "8d!"),
        (7 * Self.day, "7d!!"), (Self.day - 1, "23h!!"), (59, "0m!!"), (0, "EXPIRED"), (-5, "EXPIRED"),
    ])
    func `a usual certificate is marked in its last thirty and seven days`(left: Int64, text: String) {
        let ends = Fixture.now + .seconds(left)
        let starts = ends + .seconds(-90 * Self.day)
        #expect(Expiry(starts: starts, ends: ends, now: Fixture.now).marked == text)
    }

    @Test(arguments: [(50, "50m"), (20, "20m!"), (5, "5m!!")])
    func `a certificate of an hour is no emergency while it is young`(minutes: Int64, text: String) {
        let ends = Fixture.now + .seconds(minutes * 60)
        #expect(Expiry(starts: ends + .seconds(-3600), ends: ends, now: Fixture.now).marked == text)
    }

    @Test(arguments: 0..<200)
    func `a text holds as long as it says, and no longer`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let life = Int64.random(in: 3600...(100 * Self.day), using: &dice)
        let ends = Fixture.now + .seconds(Int64.random(in: 1...life, using: &dice))
        let starts = ends + .seconds(-life)
        var now = Fixture.now
        for _ in 0..<20 {
            let expiry = Expiry(starts: starts, ends: ends, now: now)
            guard expiry.level != .expired else { return }
            #expect(expiry.until > now)
            let before = Expiry(starts: starts, ends: ends, now: expiry.until + .nanoseconds(-1))
            #expect(before.marked == expiry.marked)
            now = expiry.until + .nanoseconds(1)
        }
    }

    @Test(arguments: [
        (0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_700_000_000, "2023-11-14"),
        (2_330_640_000, "2043-11-09"), (-1, "1969-12-31"),
    ])
    func `dates are told in UTC`(seconds: Int64, date: String) {
        #expect(Ages.date(Timestamp(seconds: seconds)) == date)
    }
}
