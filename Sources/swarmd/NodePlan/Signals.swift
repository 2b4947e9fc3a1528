/// Signals by their Linux names.
package enum Signals {
    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
        "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]
    private static let synonyms: [String: Int32] = ["CLD": 17, "IOT": 6, "POLL": 29]
    /// The range of the real-time signals, as the C library leaves it to programs.
    private static let realTime: (first: Int32, last: Int32) = (34, 64)

    /// The number that `text` means: "SIGTERM", "TERM", "term", "15", "RTMIN+3"; nil if none.
    package static func number(_ text: String) -> Int32? {
        if let number = Int32(text) { return (1...Self.realTime.last).contains(number) ? number : nil }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if let index = Self.names.firstIndex(of: name) { return Int32(index) + 1 }
        return Self.synonyms[name] ?? Self.realTimeNumber(name)
    }

    /// The name of a signal: "SIGKILL"; its number where it has none.
    package static func name(_ number: Int32) -> String {
        guard number >= 1, number <= Self.names.count else { return "signal \(number)" }
        return "SIG\(Self.names[Int(number) - 1])"
    }

    private static func realTimeNumber(_ name: String) -> Int32? {
        let number: Int32?
        if name.hasPrefix("RTMIN") {
            number = Self.offset(name.dropFirst(5), sign: "+").map { Self.realTime.first + $0 }
        } else if name.hasPrefix("RTMAX") {
            number = Self.offset(name.dropFirst(5), sign: "-").map { Self.realTime.last - $0 }
        } else {
            number = nil
        }
        return number.flatMap { (Self.realTime.first...Self.realTime.last).contains($0) ? $0 : nil }
    }

    private static func offset(_ text: Substring, sign: Character) -> Int32? {
        if text.isEmpty { return 0 }
        guard text.first == sign, let offset = Int32(text.dropFirst()), (0...30).contains(offset) else {
            return nil
        }
        return offset
    }
}
