import NIOCore
import RaftCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Replication

/// Batches as they are written and read by hand, beside the library.
@Suite struct BatchFramesTests {
    /// Numbers at the borders of what fits into one byte more.
    private static let numbers: [UInt64] = [0, 1, 127, 128, 16_383, 16_384, 1 << 35, .max]

    @Test func `a batch has the bytes that the library would make`() throws {
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let messages = (0..<Int.random(in: 0...3, using: &dice)).map { _ in Self.message(&dice) }
            let digests = (0..<Int.random(in: 0...2, using: &dice)).map { _ in
                SwarmdStateDigest.with {
                    $0.index = Self.number(&dice)
                    $0.digest = .init(Self.bytes(&dice))
                }
            }
            let batch = SwarmdRaftBatch.with {
                ($0.from, $0.to) = (Self.number(&dice), Self.number(&dice))
                $0.address = Bool.random(using: &dice) ? "" : "[fd00::1]:4242"
                $0.messages = messages.map(RaftWire.encode)
                $0.digests = digests
            }
            var buffer = ByteBuffer()
            buffer.write(
                batchFrom: RaftID(rawValue: batch.from),
                to: RaftID(rawValue: batch.to),
                address: batch.address,
                messages,
                digests
            )
            #expect(Array(buffer.readableBytesView) == (try batch.serializedBytes() as [UInt8]))
            Self.expectEqual(try PeerBatch(reading: buffer), PeerBatch(batch))
        }
    }

    @Test func `what is read is what the library reads, or nothing at all, whatever the bytes are`() throws {
        var dice = SystemRandomNumberGenerator()
        var (taken, refused) = (0, 0)
        for _ in 0..<5_000 {
            let batch = SwarmdRaftBatch.with {
                $0.from = Self.number(&dice)
                $0.messages = [RaftWire.encode(Self.message(&dice))]
                $0.address = "h:1"
            }
            var bytes: [UInt8] = try batch.serializedBytes()
            bytes[Int.random(in: bytes.indices, using: &dice)] = UInt8.random(in: 0 ... .max, using: &dice)
            if Bool.random(using: &dice) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &dice)) }
            guard let read = try? PeerBatch(reading: ByteBuffer(bytes: bytes)) else {
                refused += 1
                continue
            }
            taken += 1
            // A kind or type that nobody knows drops the message here, where the library has a default for it.
            guard let wire = try? SwarmdRaftBatch(serializedBytes: bytes) else { continue }
            #expect(read.messages.count <= PeerBatch(wire).messages.count)
            if read.messages.count == wire.messages.count { Self.expectEqual(read, PeerBatch(wire)) }
        }
        #expect(taken > 500 && refused > 500)
    }

    @Test(arguments: [
        [0x08], [0x08, 0x80], [0x1a, 0x05, 0x08], [0x00, 0x01], [0x0b], [0x0f, 0x01],
        [0x08] + [UInt8](repeating: 0xff, count: 11), [0x2a, 0x01, 0xff], [0x21, 0x01], [0x25, 0x01],
        [0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ]) func `what is no batch is refused`(_ bytes: [UInt8]) {
        #expect(throws: (any Error).self) { try PeerBatch(reading: ByteBuffer(bytes: bytes)) }
    }

    @Test func `fields that are not known are passed over`() throws {
        var bytes: [UInt8] = [0x79] + [UInt8](repeating: 1, count: 8)
        bytes += [0x7d, 1, 2, 3, 4, 0x78, 5, 0x7a, 1, 9, 0x08, 0x2a, 0x3a, 0x00]
        #expect(try PeerBatch(reading: ByteBuffer(bytes: bytes)).from == RaftID(rawValue: 42))
    }

    private static func expectEqual(_ read: PeerBatch, _ expected: PeerBatch) {
        #expect(read.from == expected.from && read.to == expected.to)
        #expect(read.messages == expected.messages)
        #expect(read.digests == expected.digests)
        #expect(read.address == expected.address)
    }

    private static func number(_ dice: inout some RandomNumberGenerator) -> UInt64 {
        Self.numbers.randomElement(using: &dice) ?? 0
    }

    private static func bytes(_ dice: inout some RandomNumberGenerator) -> [UInt8] {
        let count = [0, 1, 5, 127, 128, 300].randomElement(using: &dice) ?? 0
        return (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &dice) }
    }

    private static func message(_ dice: inout some RandomNumberGenerator) -> RaftCore.Message {
        let kinds: [RaftCore.Message.Kind] = [.append, .appendResponse, .heartbeat, .vote, .snapshot]
        var message = RaftCore.Message(kinds.randomElement(using: &dice) ?? .append)
        (message.to, message.from) = (
            RaftID(rawValue: Self.number(&dice)), RaftID(rawValue: Self.number(&dice))
        )
        (message.term, message.logTerm) = (Self.number(&dice), Self.number(&dice))
        (message.index, message.commit) = (Self.number(&dice), Self.number(&dice))
        (message.reject, message.rejectHint) = (Bool.random(using: &dice), Self.number(&dice))
        message.vote = RaftID(rawValue: Self.number(&dice))
        message.context = Self.bytes(&dice)
        message.entries = (0..<Int.random(in: 0...3, using: &dice)).map { _ in Self.entry(&dice) }
        if Bool.random(using: &dice) {
            let configuration = ConfigurationState(voters: [1, 2, 3])
            message.snapshot = Snapshot(index: 7, term: 3, configuration: configuration)
        }
        return message
    }

    private static func entry(_ dice: inout some RandomNumberGenerator) -> Entry {
        let change = ConfigurationChange(v1: .addLearner, 7, id: 3, context: Self.bytes(&dice))
        return Entry(
            term: Self.number(&dice),
            index: Self.number(&dice),
            payload: Bool.random(using: &dice) ? .normal(Self.bytes(&dice)) : .configuration(change)
        )
    }
}
