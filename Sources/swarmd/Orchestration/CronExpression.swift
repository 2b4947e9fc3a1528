package import Primitives

/// When a job runs: five fields of minutes, hours, days, months and weekdays, in UTC.
///
/// The language is Vixie cron's: `*`, numbers, ranges, lists, steps, names of months and days, and the short
/// forms from `@hourly` to `@yearly`. Where both a day of the month and a weekday are given, either will do.
package struct CronExpression: Sendable, Equatable {
    /// Why a text is no expression.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// How far ahead a moment is looked for: no rule that has one waits longer (29 February).
    static let horizonInDays = 366 * 8 + 2

    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let isAnyDay: Bool
    private let isAnyWeekday: Bool

    private static let shortForms = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// Reads an expression such as `*/15 8-18 * * mon-fri`.
    package init(_ text: String) throws(Fault) {
        let fields = (Self.shortForms[text] ?? text).split(separator: " ").map { String($0).lowercased() }
        guard fields.count == 5 else {
            throw Fault(description: "\"\(text)\": expected minute, hour, day, month and weekday")
        }
        self.minutes = try CronField(name: "minute", range: 0...59).values(fields[0])
        self.hours = try CronField(name: "hour", range: 0...23).values(fields[1])
        self.days = try CronField(name: "day", range: 1...31).values(fields[2])
        self.months = try CronField.month.values(fields[3])
        let weekdays = try CronField.weekday.values(fields[4])
        self.weekdays = Set(weekdays.map { $0 % 7 })
        self.isAnyDay = fields[2].hasPrefix("*")
        self.isAnyWeekday = fields[4].hasPrefix("*")
        guard self.next(after: Timestamp(seconds: 0)) != nil else {
            throw Fault(description: "\"\(text)\": there is no such day")
        }
    }

    /// The first moment of the schedule that is later than `moment`.
    package func next(after moment: Timestamp) -> Timestamp? {
        let minute = moment.wholeMinutes + 1
        let first = minute / 1_440
        for day in first..<(first + Self.horizonInDays) where self.includes(CivilDay(number: day)) {
            let start = day == first ? minute % 1_440 : 0
            let found = (start..<1_440).first {
                self.hours.contains($0 / 60) && self.minutes.contains($0 % 60)
            }
            if let found { return Timestamp(seconds: Int64(day * 1_440 + found) * 60) }
        }
        return nil
    }

    /// Whether `moment` is one of the schedule, to the nanosecond.
    package func includes(_ moment: Timestamp) -> Bool {
        self.next(after: Timestamp(nanoseconds: moment.nanoseconds - 1)) == moment
    }

    private func includes(_ day: CivilDay) -> Bool {
        guard self.months.contains(day.month) else { return false }
        let isDay = self.days.contains(day.day)
        let isWeekday = self.weekdays.contains(day.weekday)
        return self.isAnyDay || self.isAnyWeekday ? isDay && isWeekday : isDay || isWeekday
    }
}

extension Timestamp {
    /// Whole minutes since the epoch.
    fileprivate var wholeMinutes: Int {
        let minute: Int64 = 60_000_000_000
        return Int(self.nanoseconds >= 0 ? self.nanoseconds / minute : (self.nanoseconds + 1) / minute - 1)
    }
}
