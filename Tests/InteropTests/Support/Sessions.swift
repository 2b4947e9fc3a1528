/// The sessions with dispatchers that a node's log tells of.
struct Sessions: CustomStringConvertible {
    /// How often one was opened, or taken up again on another connection.
    var opened = 0
    /// How often one ended that the node did not end itself.
    var ended = 0
    /// Their identifiers.
    var ids: Set<String> = []

    init(_ log: String) {
        for line in log.split(separator: "\n") {
            if line.hasSuffix("session ended") { self.ended += 1 }
            guard line.hasSuffix("session opened") else { continue }
            self.opened += 1
            let id = line.split(separator: " ").first { $0.hasPrefix("session=") }
            if let id { self.ids.insert(String(id)) }
        }
    }

    /// What came after `earlier`; of the identifiers only the new ones.
    static func - (later: Self, earlier: Self) -> Self {
        var difference = later
        difference.opened -= earlier.opened
        difference.ended -= earlier.ended
        difference.ids.subtract(earlier.ids)
        return difference
    }

    var description: String {
        "\(self.opened) times opened to report, \(self.ended) ended, \(self.ids.count) new sessions"
    }
}
