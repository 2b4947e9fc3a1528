import LinuxSystem
import Testing

struct PooledRandomnessTests {
    @Test func `no word comes twice, whoever asks`() async {
        let words = await withTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var generator = PooledRandomness()
                    return (0..<1_000).map { _ in generator.next() }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(words.count == 8_000)
        #expect(Set(words).count == words.count)
    }

    @Test func `all bits are used`() {
        var generator = PooledRandomness()
        let words = (0..<1_000).map { _ in generator.next() }
        #expect(words.reduce(0, |) == .max)
        #expect(words.reduce(.max, &) == 0)
    }
}
