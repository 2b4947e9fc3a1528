import RaftCore
import SwiftProtobuf
import Testing

@testable import Replication

@Suite struct LinkQueueTests {
    private func message(_ index: UInt64, bytes: Int = 0) -> RaftCore.Message {
        RaftCore.Message(.append, to: 2, from: 1, index: index, context: [UInt8](repeating: 0, count: bytes))
    }

    @Test func `messages come out in the order in which they went in`() {
        var queue = LinkQueue(LinkLimits())
        for index in 1...100 as ClosedRange<UInt64> {
            _ = queue.append(self.message(index))
        }
        #expect(queue.take(.max).map(\.index) == Array(1...100))
        #expect(queue.isEmpty)
        #expect(queue.bytes == 0)
    }

    @Test func `a batch ends before the message that makes it too large`() {
        var queue = LinkQueue(LinkLimits())
        for index in 1...4 as ClosedRange<UInt64> { _ = queue.append(self.message(index, bytes: 1_000)) }
        #expect(queue.take(2_500).map(\.index) == [1, 2])
        #expect(queue.take(10).map(\.index) == [3])
        #expect(queue.take(10_000).map(\.index) == [4])
        #expect(queue.take(10_000).isEmpty)
        #expect(queue.bytes == 0)
    }

    @Test func `a full queue refuses by number and by bytes`() {
        var limits = LinkLimits()
        limits.queuedMessages = 2
        limits.queuedBytes = 10_000
        var queue = LinkQueue(limits)
        let sizes = [0, 10_000, 0, 0]
        let taken = zip(1..., sizes).map { index, bytes in queue.append(self.message(index, bytes: bytes)) }
        #expect(taken == [true, false, true, false])
        #expect(queue.take(.max).map(\.index) == [1, 3])
    }

    @Test func `a cleared queue has room again`() {
        var limits = LinkLimits()
        limits.queuedMessages = 1
        var queue = LinkQueue(limits)
        let isFirstTaken = queue.append(self.message(1))
        queue.clear()
        let isSecondTaken = queue.append(self.message(2))
        #expect(isFirstTaken && isSecondTaken)
        #expect(queue.take(.max).map(\.index) == [2])
    }

    @Test func `a message counts at least the bytes that it has on the wire`() throws {
        var message = RaftCore.Message(
            .append,
            to: .init(rawValue: .max),
            from: .init(rawValue: .max),
            term: .max
        )
        message.logTerm = .max
        message.index = .max
        message.commit = .max
        message.rejectHint = .max
        message.entries = (0..<50).map { count in
            Entry(term: .max, index: .max, payload: .normal([UInt8](repeating: 1, count: count)))
        }
        let bytes: [UInt8] = try RaftWire.encode(message).serializedBytes()
        #expect(LinkQueue.size(of: message) >= bytes.count)
    }
}
