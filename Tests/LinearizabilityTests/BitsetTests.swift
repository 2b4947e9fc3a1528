@testable import Linearizability
import Testing

@Suite struct BitsetTests {
    @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 1000]) func `a number is in until it is removed`(
        number: Int
    ) {
        var set = Bitset()
        set.insert(number)
        #expect(set.contains(number))
        #expect(!set.contains(number + 1) && !set.contains(number + 64))
        set.remove(number)
        set.remove(number + 64)
        #expect(set == Bitset())
    }

    @Test func `a subset has nothing that the other has not`() {
        func set(_ numbers: Int...) -> Bitset {
            numbers.reduce(into: Bitset()) { $0.insert($1) }
        }
        #expect(Bitset().isSubset(of: set(1)))
        #expect(set(1, 70).isSubset(of: set(1, 2, 70, 200)))
        #expect(!set(1, 70).isSubset(of: set(1, 2)))
        #expect(!set(3).isSubset(of: set(1, 70)))
        #expect(!set(1, 71).isSubset(of: set(1, 70, 200)))
    }
}
