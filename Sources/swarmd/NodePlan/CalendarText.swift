import Primitives

/// Moments as RFC 3339 text in UTC with nine digits of a second, without a calendar library.
enum CalendarText {
    private static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// "2026-11-23T09:30:00.123456789Z".
    static func text(_ moment: Timestamp) -> String {
        var day = moment.nanoseconds / Self.nanosecondsPerDay
        var rest = moment.nanoseconds % Self.nanosecondsPerDay
        if rest < 0 {
            rest += Self.nanosecondsPerDay
            day -= 1
        }
        let (year, month, dayOfMonth) = Self.date(ofDay: day)
        let seconds = rest / 1_000_000_000
        let date = "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(dayOfMonth, 2))"
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.digits($0, 2) }.joined(
            separator: ":"
        )
        return "\(date)T\(time).\(Self.digits(rest % 1_000_000_000, 9))Z"
    }

    /// Reads exactly the form that `text` writes.
    static func moment(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count == 30, bytes[4] == 0x2d, bytes[7] == 0x2d, bytes[10] == 0x54, bytes[13] == 0x3a,
            bytes[16] == 0x3a, bytes[19] == 0x2e, bytes[29] == 0x5a
        else { return nil }
        let ranges = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19, 20..<29]
        let numbers = ranges.compactMap { Self.number(bytes[$0]) }
        guard numbers.count == ranges.count, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
            (1678...2261).contains(numbers[0])
        else { return nil }
        let day = Self.day(year: numbers[0], month: numbers[1], day: numbers[2])
        let seconds = day * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        return Timestamp(nanoseconds: seconds * 1_000_000_000 + numbers[6])
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }

    private static func digits(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// Days since 1970-01-01 to a date.
    ///
    /// H. Hinnant, "chrono-compatible low-level date algorithms".
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
