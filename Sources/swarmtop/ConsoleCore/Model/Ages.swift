import Primitives

/// Says how long ago something was, coarsely: a quiet cluster must not repaint each second.
enum Ages {
    private static let second: Int64 = 1_000_000_000

    /// The words, and when they change next.
    static func text(since: Timestamp, now: Timestamp) -> (text: String, until: Timestamp) {
        let seconds = max(0, (now.nanoseconds - since.nanoseconds) / Self.second)
        let (step, text): (Int64, String) =
            switch seconds {
            case ..<10: (1, "\(seconds)s")
            case ..<60: (10, "\(seconds / 10 * 10)s")
            case ..<3600: (60, "\(seconds / 60)m")
            case ..<86400: (3600, "\(seconds / 3600)h")
            default: (86400, "\(seconds / 86400)d")
            }
        let next = (seconds / step + 1) * step
        return (text, Timestamp(nanoseconds: since.nanoseconds + next * Self.second))
    }

    /// A span between two steps of a task: `+0.2s`, `+21s`, `+4m`.
    static func step(_ duration: Duration) -> String {
        let tenths = max(0, duration.wholeNanoseconds / (Self.second / 10))
        if tenths < 100 { return "+\(tenths / 10).\(tenths % 10)s" }
        return "+"
            + Self.text(since: Timestamp(nanoseconds: 0), now: Timestamp(nanoseconds: tenths * 100_000_000))
            .text
    }

    /// A short time in which something was missing: `94 ms`, `1.3 s`, `21 s`.
    static func gap(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.wholeNanoseconds / 1_000_000)
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 10_000 { return "\(milliseconds / 1000).\(milliseconds / 100 % 10) s" }
        return "\(milliseconds / 1000) s"
    }

    /// `YYYY-MM-DD` in UTC (Hinnant, "chrono-compatible low-level date algorithms").
    static func date(_ moment: Timestamp) -> String {
        let seconds = moment.nanoseconds / Self.second
        let shifted = (seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let day = shifted - era * 146_097
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let date = [
            year + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
            dayOfYear - (153 * month + 2) / 5 + 1,
        ]
        return date.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    }

    /// `HH:MM:SS` in UTC.
    static func clock(_ moment: Timestamp) -> String {
        let seconds = ((moment.nanoseconds / Self.second) % 86400 + 86400) % 86400
        return [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

/// Numbers as operators write them.
enum Amounts {
    /// Processors: `2`, `0.5`.
    static func cpus(_ nano: Int64) -> String {
        let tenths = nano / 100_000_000
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// Gibibytes without a unit: `3`, `0.5`.
    static func gibibytes(_ bytes: Int64) -> String {
        Self.cpus(
            bytes / 1_073_741_824 * 1_000_000_000 + bytes % 1_073_741_824 * 1_000_000_000 / 1_073_741_824
        )
    }

    /// A size with its unit: `18.2M`.
    static func bytes(_ bytes: UInt64) -> String {
        var value = bytes * 10
        for unit in ["B", "K", "M", "G", "T"] {
            if value < 10240 { return unit == "B" ? "\(value / 10)B" : "\(value / 10).\(value % 10)\(unit)" }
            value /= 1024
        }
        return "\(value / 10)P"
    }
}
