import Primitives
import Testing

@Suite struct BackoffTests {
    @Test func `delays stay below a ceiling that doubles up to the limit`() {
        var generator = SeededGenerator(seed: 1)
        var backoff = Backoff(base: .milliseconds(100), limit: .milliseconds(800))
        for ceiling in [100, 200, 400, 800, 800, 800] {
            let delay = backoff.next(using: &generator)
            #expect(delay >= .zero && delay <= .milliseconds(ceiling))
        }
    }

    @Test func `a success starts from the first ceiling again`() {
        var generator = SeededGenerator(seed: 2)
        var backoff = Backoff(base: .milliseconds(1), limit: .seconds(100))
        for _ in 0..<10 { _ = backoff.next(using: &generator) }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .milliseconds(1))
    }
}
