import Testing

@testable import swarmd

@Suite struct JoinProgressTests {
    @Test func `news is told at once, and the same news now and then`() {
        var progress = JoinProgress()
        #expect(progress.take("") == nil)
        let first = "waiting for a:1: no answer yet; giving up in 30 s"
        #expect(progress.take(first) == first)
        #expect(progress.take("waiting for a:1: no answer yet; giving up in 29 s") == nil)
        let next = "waiting for a:1: connection refused; giving up in 28 s"
        #expect(progress.take(next) == next)
        let told = (0..<JoinProgress.patience).compactMap {
            progress.take("waiting for a:1: connection refused; giving up in \(27 - $0) s")
        }
        #expect(told == ["waiting for a:1: connection refused; giving up in 18 s"])
    }
}
