import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct LogPipeTests {
    private func batch(_ text: String) -> LogPipe.Batch { [.with { $0.data = .init(text.utf8) }] }

    @Test func `what was sent before the end is read before it`() async {
        let pipe = LogPipe()
        #expect(await pipe.send(self.batch("a")))
        pipe.finish(.complete(warning: nil))
        #expect(await pipe.next() == self.batch("a"))
        #expect(await pipe.next() == nil)
        #expect(await pipe.send(self.batch("b")) == false)
        #expect(pipe.ending == .complete(warning: nil))
    }

    @Test func `publishers wait while the pipe is full, and nothing is lost`() async {
        let pipe = LogPipe(limit: 4)
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var sent = 0
                    for _ in 0..<100 where await pipe.send(self.batch("xyz")) { sent += 1 }
                    return sent
                }
            }
            var read = 0
            while read < 400, await pipe.next() != nil { read += 1 }
            var sent = 0
            for await count in group { sent += count }
            #expect(sent == 400)
        }
    }

    @Test func `the end releases a publisher that waits`() async {
        let pipe = LogPipe(limit: 1)
        #expect(await pipe.send(self.batch("a")))
        async let sent = pipe.send(self.batch("b"))
        pipe.finish(.stopped)
        #expect(await sent == false)
    }

    @Test func `a cancelled reader goes home`() async {
        let pipe = LogPipe()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await pipe.next() == nil }
            group.cancelAll()
            #expect(await group.next() == true)
        }
    }
}
