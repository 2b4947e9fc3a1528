/// One field of a schedule: which numbers it may have, and the names of these.
struct CronField: Sendable {
    typealias Fault = CronExpression.Fault

    let name: String
    let range: ClosedRange<Int>
    /// Names of the numbers, from the lowest on.
    var words: [String] = []

    static let month = Self(
        name: "month",
        range: 1...12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
    /// Sunday is 0, and 7 as well.
    static let weekday = Self(
        name: "weekday",
        range: 0...7,
        words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    )

    /// The numbers that `text` stands for: `*`, `5`, `1-5`, `*/10`, `0-30/5`, and lists of these.
    func values(_ text: String) throws(Fault) -> Set<Int> {
        var values: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            values.formUnion(try self.part(String(part)))
        }
        return values
    }

    private func part(_ text: String) throws(Fault) -> Set<Int> {
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard words.count <= 2, let base = words.first else { throw self.fault(text) }
        var step = 1
        if words.count == 2 {
            guard let number = Int(words[1]), number > 0, number <= self.range.upperBound else {
                throw self.fault(text)
            }
            step = number
        }
        let span = try self.span(base, isOpen: words.count == 2)
        return Set(stride(from: span.lowerBound, through: span.upperBound, by: step))
    }

    /// The numbers without the step; a single number with a step goes on to the end.
    private func span(_ text: String, isOpen: Bool) throws(Fault) -> ClosedRange<Int> {
        if text == "*" { return self.range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let lower = self.number(String(ends[0])) else { throw self.fault(text) }
        guard ends.count == 2 else { return lower...(isOpen ? self.range.upperBound : lower) }
        guard let upper = self.number(String(ends[1])), lower <= upper else { throw self.fault(text) }
        return lower...upper
    }

    private func number(_ text: String) -> Int? {
        if let place = self.words.firstIndex(of: text) { return self.range.lowerBound + place }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            self.range.contains(number)
        else { return nil }
        return number
    }

    private func fault(_ text: String) -> Fault {
        Fault(
            description:
                "\(self.name): \"\(text)\" is not within \(self.range.lowerBound)-\(self.range.upperBound)"
        )
    }
}
