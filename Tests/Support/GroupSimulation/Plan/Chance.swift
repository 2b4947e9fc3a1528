import Primitives

/// The dice of one concern.
///
/// Each concern has its own, so that a change of one does not change what all others throw.
package struct Chance: Sendable {
    private var generator: SeededGenerator

    /// The dice of `concern` in the run of `seed`.
    package init(seed: UInt64, concern: String) {
        var state = seed ^ 0x5157_4152_4d53_494d
        for byte in concern.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        var generator = SeededGenerator(seed: state)
        self.generator = SeededGenerator(seed: generator.next())
    }

    /// A number of 64 bits.
    package mutating func number() -> UInt64 { self.generator.next() }

    /// A number of `range`.
    package mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(self.generator.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// A number from 0 up to 1, not including 1.
    package mutating func fraction() -> Double { Double(self.generator.next() >> 11) / 9_007_199_254_740_992 }

    /// Whether something of this probability happens.
    package mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && self.fraction() < probability
    }

    /// One of `elements`; nil if there is none.
    package mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[self.number(in: 0...elements.count - 1)]
    }

    /// The elements in any order.
    package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        for place in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(place, self.number(in: 0...place))
        }
        return elements
    }

    /// A time with this mean, most often short and sometimes long, but at most twenty times the mean.
    ///
    /// Its distribution is close to the exponential one: a sum of halvings needs no logarithm, whose last digit
    /// could differ between libraries.
    package mutating func time(mean: Span) -> Span {
        guard mean.microseconds > 0 else { return Span(microseconds: 0) }
        var halvings = 0
        while halvings < 13, self.generator.next() & 1 == 1 { halvings += 1 }
        let share = Double(halvings) + self.fraction()
        return Span(microseconds: Int(Double(mean.microseconds) * share * 0.667))
    }

    /// A time between two.
    package mutating func time(_ least: Span, _ most: Span) -> Span {
        Span(microseconds: self.number(in: least.microseconds...max(least.microseconds, most.microseconds)))
    }
}
