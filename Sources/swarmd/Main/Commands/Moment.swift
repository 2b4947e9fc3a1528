import Primitives

/// Reads a moment from a flag: RFC 3339, seconds since the epoch, or a span before now.
enum Moment {
    static func parse(_ text: String, now: Timestamp, flag: String) throws(CommandError) -> Timestamp {
        if let moment = self.rfc3339(text) { return moment }
        if let seconds = Int64(text), seconds >= 0, seconds < 9_000_000_000 {
            return Timestamp(seconds: seconds)
        }
        guard let span = try? Units.span(text, flag: flag) else {
            throw .flag(flag, text, "give a moment as in 2026-11-23T05:35:24Z, or a span as in 10m")
        }
        return Timestamp(nanoseconds: now.nanoseconds - span.wholeNanoseconds)
    }

    /// `YYYY-MM-DD[THH:MM[:SS[.fraction]]][Z|±HH:MM]`, in UTC where no zone is given.
    private static func rfc3339(_ text: String) -> Timestamp? {
        guard
            let match = text.wholeMatch(
                of:
                    #/(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?:Z|([+-])(\d\d):(\d\d))?/#
            )
        else { return nil }
        func number(_ digits: Substring?) -> Int64 { digits.flatMap { Int64($0) } ?? 0 }
        let (month, day) = (number(match.2), number(match.3))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        guard number(match.4) < 24, number(match.5) < 60, number(match.6) < 61 else { return nil }
        let days = Self.days(number(match.1), month, day)
        var seconds = days * 86_400 + number(match.4) * 3_600 + number(match.5) * 60 + number(match.6)
        let offset = number(match.9) * 3_600 + number(match.10) * 60
        seconds += match.8 == "-" ? offset : -offset
        let fraction = match.7.map { $0 + String(repeating: "0", count: 9 - $0.count) }
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? nil : Timestamp(nanoseconds: scaled + (fraction.flatMap { Int64($0) } ?? 0))
    }

    /// Days from 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
