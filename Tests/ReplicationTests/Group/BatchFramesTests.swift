import NIOCore
import RaftCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Replication

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
        }
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
