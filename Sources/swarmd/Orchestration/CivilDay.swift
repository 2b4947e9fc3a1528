/// A day of the Gregorian calendar.
struct CivilDay: Sendable, Equatable {
    let month: Int
    let day: Int
    /// From Sunday, which is 0.
    let weekday: Int

    /// The day that is `number` days after 1 January 1970.
    ///
    /// Years are counted from March, so that the leap day is the last of its year, and in cycles of 400
    /// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    init(number: Int) {
        let shifted = number + 719_468
        let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfCycle = shifted - cycle * 146_097
        let year =
            (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * year + year / 4 - year / 100)
        let march = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * march + 2) / 5 + 1
        self.month = march < 10 ? march + 3 : march - 9
        self.weekday = ((number + 4) % 7 + 7) % 7
    }
}
