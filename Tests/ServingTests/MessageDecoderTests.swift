import GRPCCore
import NIOCore
import Testing

@testable import SwarmRPC

struct MessageDecoderTests {
    private static func frame(_ payload: [UInt8], flag: UInt8 = 0) -> [UInt8] {
        let length = UInt32(payload.count)
        return [flag] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + payload
    }

    @Test func `messages come out whole, however the bytes arrive`() throws {
        let sent: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300)]
        let bytes = sent.flatMap { Self.frame($0) }
        for size in [1, 2, 5, 7, 100, bytes.count] {
            var decoder = MessageDecoder(limit: 1_000)
            var received: [[UInt8]] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])
                received += try decoder.receive(piece).messages.map { Array($0.bytes.readableBytesView) }
            }
            #expect(received == sent, "in pieces of \(size)")
        }
    }

    @Test func `every byte of the window is given back once`() throws {
        let bytes = Self.frame(Array(repeating: 1, count: 40)) + Self.frame([2]) + Self.frame([3, 4])
        for size in 1...bytes.count {
            var decoder = MessageDecoder(limit: 1_000)
            var returned = 0
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])
                let (messages, released) = try decoder.receive(piece)
                returned += released + messages.reduce(0) { $0 + $1.held }
            }
            #expect(returned == bytes.count, "in pieces of \(size)")
        }
    }

    @Test func `a message may be larger than the window`() throws {
        var decoder = MessageDecoder(limit: 1_000)
        let released = try decoder.receive(
            ByteBuffer(bytes: Self.frame(Array(repeating: 1, count: 900)).prefix(500))
        )
        #expect(released.messages.isEmpty)
        #expect(released.released == 500, "else the peer could never send the rest")
    }

    @Test func `what is too large or compressed is refused`() {
        var decoder = MessageDecoder(limit: 10)
        let large = #expect(throws: RPCError.self) {
            _ = try decoder.receive(ByteBuffer(bytes: Self.frame(Array(repeating: 0, count: 11))))
        }
        #expect(large?.code == .resourceExhausted)
        #expect(large?.message == "a message has 11 bytes; at most 10 are taken")
        let compressed = #expect(throws: RPCError.self) {
            _ = try decoder.receive(ByteBuffer(bytes: Self.frame([1], flag: 1)))
        }
        #expect(compressed?.code == .unimplemented)
    }
}
