import GroupSimulation

/// What happened in a run: a hash of all of it, and the last lines.
struct ClusterTrace: Sendable {
    /// How many lines are kept.
    private static let kept = 150

    /// A number that two runs have in common only if they did the same (FNV-1a).
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private var lines: [String] = []
    private var count = 0
    private let echo: (@Sendable (String) -> Void)?

    /// An empty trace; `echo` gets every line.
    init(echo: (@Sendable (String) -> Void)?) { self.echo = echo }

    /// The last lines, oldest first.
    var tail: [String] {
        let start = self.count % Self.kept
        return self.lines.count < Self.kept ? self.lines : Array(self.lines[start...] + self.lines[..<start])
    }

    mutating func note(_ moment: Moment, _ text: String) {
        let line = "\(moment) \(text)"
        for byte in line.utf8 { self.hash = (self.hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        if self.lines.count < Self.kept {
            self.lines.append(line)
        } else {
            self.lines[self.count % Self.kept] = line
        }
        self.count += 1
        self.echo?(line)
    }
}
