/// What happened in a run: a hash of all of it, and the last lines.
///
/// Lines are made of numbers, and become text only when somebody reads them.
struct Trace: Sendable {
    /// How many lines are kept.
    private static let kept = 80

    private struct Line: Sendable {
        let moment: Moment
        let machine: Int
        let what: StaticString
        let numbers: [UInt64]

        var text: String {
            let who = self.machine < 0 ? "--" : "m\(self.machine)"
            let numbers = self.numbers.map(String.init).joined(separator: " ")
            return "\(self.moment) \(who) \(self.what) \(numbers)"
        }
    }

    /// A number that two runs have in common only if they did the same (FNV-1a).
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    /// How many lines there were.
    private(set) var count = 0
    private var lines: [Line] = []
    private let echo: (@Sendable (String) -> Void)?

    /// An empty trace; `echo` gets every line.
    init(echo: (@Sendable (String) -> Void)?) { self.echo = echo }

    /// The last lines, oldest first.
    var tail: [String] {
        let start = self.count % Self.kept
        let ordered =
            self.lines.count < Self.kept ? self.lines[...] : self.lines[start...] + self.lines[..<start]
        return ordered.map(\.text)
    }

    /// Adds a line about a machine; -1 is none.
    mutating func note(_ moment: Moment, _ machine: Int, _ what: StaticString, _ numbers: [UInt64]) {
        let line = Line(moment: moment, machine: machine, what: what, numbers: numbers)
        self.mix(UInt64(moment.microseconds))
        self.mix(UInt64(bitPattern: Int64(machine)))
        self.mix(UInt64(what.utf8CodeUnitCount))
        for number in numbers { self.mix(number) }
        if self.lines.count < Self.kept {
            self.lines.append(line)
        } else {
            self.lines[self.count % Self.kept] = line
        }
        self.count += 1
        self.echo?(line.text)
    }

    /// Takes bytes into the hash.
    mutating func mix(_ bytes: [UInt8]) {
        for byte in bytes { self.hash = (self.hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    private mutating func mix(_ number: UInt64) {
        self.hash = (self.hash ^ number) &* 0x0000_0100_0000_01b3
        self.hash ^= self.hash >> 29
    }
}
