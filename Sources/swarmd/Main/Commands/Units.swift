import Primitives

/// Reads the quantities that flags take; each failure names the flag and the value.
enum Units {
    /// Bytes: `64m`, `1g`, `1.5GiB`, `4096`; a unit is a power of 1024, as docker has it.
    static func bytes(_ text: String, flag: String) throws(CommandError) -> Int64 {
        let problem = "give bytes, as in 64m, 1g or 1.5GiB"
        let lower = text.lowercased()
        let digits = lower.prefix { $0.isNumber || $0 == "." }
        var unit = lower.dropFirst(digits.count).drop { $0 == " " }
        if unit.hasSuffix("ib") {
            unit = unit.dropLast(2)
        } else if unit.hasSuffix("b") {
            unit = unit.dropLast()
        }
        let powers: [Substring: Int] = ["": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50]
        guard let power = powers[unit], let number = Self.decimal(digits, scale: 9) else {
            throw .flag(flag, text, problem)
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: Int128(1) << Int128(power))
        guard !overflow, let value = Int64(exactly: product / 1_000_000_000) else {
            throw .flag(flag, text, "too large")
        }
        return value
    }

    /// A processor share in billionths: `0.5` is half a processor.
    static func nanoCPUs(_ text: String, flag: String) throws(CommandError) -> Int64 {
        guard let number = Self.decimal(text[...], scale: 9) else {
            throw .flag(flag, text, "give processors, as in 0.5 or 2")
        }
        guard let value = Int64(exactly: number) else { throw .flag(flag, text, "too large") }
        return value
    }

    /// A span of time as Go writes it: `10s`, `1m30s`, `500ms`.
    static func span(_ text: String, flag: String) throws(CommandError) -> Duration {
        let problem = "give a duration, as in 500ms, 10s, 1m30s or 2160h (days are no unit)"
        if text == "0" { return .zero }
        let units: [(String, Int128)] = [
            ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
            ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ]
        var rest = text[...]
        var total: Int128 = 0
        guard !rest.isEmpty else { throw .flag(flag, text, problem) }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !$0.isNumber && $0 != "." }
            rest = rest.dropFirst(name.count)
            guard let unit = units.first(where: { $0.0 == name }), let number = Self.decimal(digits, scale: 9)
            else {
                throw .flag(flag, text, problem)
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.1)
            guard !overflow else { throw .flag(flag, text, "too long") }
            total += product / 1_000_000_000
            guard total <= Int128(Int64.max) else { throw .flag(flag, text, "too long") }
        }
        return .nanoseconds(Int64(total))
    }

    /// A whole number from zero up.
    static func count(_ text: String, flag: String) throws(CommandError) -> UInt64 {
        guard let value = UInt64(text) else { throw .flag(flag, text, "give a whole number from 0 up") }
        return value
    }

    /// A number of tasks; a negative one is the manager's to refuse, in SwarmKit's words.
    static func replicas(_ text: String, flag: String) throws(CommandError) -> UInt64 {
        if let value = UInt64(text) { return value }
        if let negative = Int64(text) { return UInt64(bitPattern: negative) }
        throw .flag(flag, text, "give a whole number")
    }

    /// A share from 0 to 1.
    static func ratio(_ text: String, flag: String) throws(CommandError) -> Float {
        guard let value = Float(text), value.isFinite else {
            throw .flag(flag, text, "give a share, as in 0.25")
        }
        return value
    }

    /// One of a few words.
    static func choice<Value>(
        _ text: String,
        flag: String,
        among values: [(String, Value)]
    ) throws(CommandError) -> Value {
        guard let match = values.first(where: { $0.0 == text }) else {
            throw .flag(flag, text, "give \(values.map(\.0).joined(separator: ", "))")
        }
        return match.1
    }

    /// `key=value` or `key`, which is an empty value.
    static func label(_ text: String, flag: String) throws(CommandError) -> (key: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        guard let key = parts.first, !key.isEmpty else { throw .flag(flag, text, "give key=value") }
        // Neither a constraint nor a filter could name it.
        guard
            !key.unicodeScalars.contains(where: {
                $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7f
            })
        else { throw .flag(flag, text, "a key has no blanks: give key=value") }
        return (key, parts.count > 1 ? parts[1] : "")
    }

    /// A decimal number times ten to the power `scale`; further digits are dropped.
    private static func decimal(_ text: Substring, scale: Int) -> Int128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }), text.count <= 40 else { return nil }
        guard parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
        let fraction = parts.count == 2 ? parts[1].prefix(scale) : ""
        let zeros = String(repeating: "0", count: scale - fraction.count)
        return Int128((parts.first.map(String.init) ?? "") + fraction + zeros)
    }
}
