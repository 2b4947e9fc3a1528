import Primitives

/// Spans and moments in words.
enum TimeText {
    /// How long ago something happened, in docker's words (`go-units`, `HumanDuration`).
    static func ago(_ span: Duration) -> String {
        let seconds = max(0, span.components.seconds)
        let minutes = seconds / 60
        let hours = (seconds + 1_800) / 3_600
        switch seconds {
        case 0: return "less than a second"
        case 1: return "1 second"
        case ..<60: return "\(seconds) seconds"
        default: break
        }
        if minutes == 1 { return "about a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        if hours == 1 { return "about an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
        if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
        if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
        return "\(hours / 24 / 365) years"
    }

    /// A moment as RFC 3339 in UTC, without trailing zeros: `2026-11-23T05:35:24.0869Z`.
    static func rfc3339(_ moment: Timestamp) -> String {
        let billion: Int64 = 1_000_000_000
        let seconds = Self.floorDivide(moment.nanoseconds, billion)
        let nanoseconds = moment.nanoseconds - seconds * billion
        let days = Self.floorDivide(seconds, 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = Self.date(days)
        var text = "\(Self.pad(year, 4))-\(Self.pad(month, 2))-\(Self.pad(day, 2))T"
        text += "\(Self.pad(second / 3_600, 2)):\(Self.pad(second / 60 % 60, 2)):\(Self.pad(second % 60, 2))"
        if nanoseconds > 0 {
            var fraction = Self.pad(nanoseconds, 9)
            while fraction.last == "0" { fraction.removeLast() }
            text += ".\(fraction)"
        }
        return text + "Z"
    }

    /// A span as Go prints it: `1m30s`, `500ms`, `0s`.
    static func span(_ span: Duration) -> String {
        let nanoseconds = span.wholeNanoseconds
        if nanoseconds == 0 { return "0s" }
        if nanoseconds < 0 { return "-" + Self.span(.zero - span) }
        if nanoseconds < 1_000 { return "\(nanoseconds)ns" }
        if nanoseconds < 1_000_000 { return Self.decimal(nanoseconds, 1_000) + "µs" }
        if nanoseconds < 1_000_000_000 { return Self.decimal(nanoseconds, 1_000_000) + "ms" }
        let minute: Int64 = 60_000_000_000
        var text = ""
        if nanoseconds >= 60 * minute { text += "\(nanoseconds / (60 * minute))h" }
        if nanoseconds >= minute { text += "\(nanoseconds / minute % 60)m" }
        return text + Self.decimal(nanoseconds % minute, 1_000_000_000) + "s"
    }

    private static func decimal(_ value: Int64, _ unit: Int64) -> String {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        guard rest > 0 else { return "\(whole)" }
        var fraction = Self.pad(rest, "\(unit)".count - 1)
        while fraction.last == "0" { fraction.removeLast() }
        return "\(whole).\(fraction)"
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        value >= 0 ? value / by : -((-value + by - 1) / by)
    }

    /// The civil date of a day counted from 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
