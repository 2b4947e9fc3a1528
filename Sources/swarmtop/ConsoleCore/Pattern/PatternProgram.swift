/// Turns the parts of a pattern into steps.
struct PatternProgram {
    /// Patterns within patterns that are repeated could grow without end.
    private static let limit = 2000

    private var steps: [Pattern.Step] = []

    /// The steps of `part`, with the one that matches at their end.
    static func steps(of part: PatternPart) throws(Pattern.Fault) -> [Pattern.Step] {
        var program = PatternProgram()
        try program.add(part)
        try program.emit(.match)
        return program.steps
    }

    private mutating func emit(_ step: Pattern.Step) throws(Pattern.Fault) {
        guard self.steps.count < Self.limit else { throw Pattern.Fault.tooLarge }
        self.steps.append(step)
    }

    private mutating func add(_ part: PatternPart) throws(Pattern.Fault) {
        switch part {
        case .one(let set): try self.emit(.one(set))
        case .start: try self.emit(.start)
        case .end: try self.emit(.end)
        case .border(let wanted): try self.emit(.border(wanted))
        case .sequence(let parts): for part in parts { try self.add(part) }
        case .choice(let parts): try self.add(choice: parts)
        case .many(let part, let least, let most): try self.add(part, least, most)
        }
    }

    private mutating func add(choice parts: [PatternPart]) throws(Pattern.Fault) {
        var ends: [Int] = []
        for (index, part) in parts.enumerated() {
            guard index + 1 < parts.count else {
                try self.add(part)
                break
            }
            let fork = self.steps.count
            try self.emit(.split(fork + 1, fork + 1))
            try self.add(part)
            ends.append(self.steps.count)
            try self.emit(.jump(0))
            self.steps[fork] = .split(fork + 1, self.steps.count)
        }
        for end in ends { self.steps[end] = .jump(self.steps.count) }
    }

    private mutating func add(_ part: PatternPart, _ least: Int, _ most: Int?) throws(Pattern.Fault) {
        for _ in 0..<least { try self.add(part) }
        guard let most else {
            let fork = self.steps.count
            try self.emit(.split(fork + 1, fork + 1))
            try self.add(part)
            try self.emit(.jump(fork))
            self.steps[fork] = .split(fork + 1, self.steps.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<most {
            forks.append(self.steps.count)
            try self.emit(.split(self.steps.count + 1, self.steps.count + 1))
            try self.add(part)
        }
        for fork in forks { self.steps[fork] = .split(fork + 1, self.steps.count) }
    }
}
