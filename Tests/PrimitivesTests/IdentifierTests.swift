import Primitives
import Testing

@Suite struct IdentifierTests {
    @Test func `identifiers have SwarmKit's form`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<1_000 {
            let id = Identifier.make(using: &generator)
            #expect(Identifier.isValid(id), "\(id)")
        }
    }

    @Test func `identifiers do not repeat`() {
        var generator = SeededGenerator(seed: 8)
        let ids = Set((0..<10_000).map { _ in Identifier.make(using: &generator) })
        #expect(ids.count == 10_000)
    }

    @Test func `every place of an identifier takes every digit`() {
        var generator = SeededGenerator(seed: 9)
        var seen = Array(repeating: Set<Character>(), count: Identifier.length)
        for _ in 0..<4_000 {
            for (place, digit) in Identifier.make(using: &generator).enumerated() {
                seen[place].insert(digit)
            }
        }
        #expect(seen.allSatisfy { $0.count == 36 })
    }

    @Test(arguments: [
        "", "abc", "ABCDEFGHIJKLMNOPQRSTUVWXY", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwx-",
    ])
    func `other texts are no identifiers`(text: String) {
        #expect(!Identifier.isValid(text))
    }
}
