import FoundationEssentials
import RaftCore
import SwarmAPI
import SwiftProtobuf

/// A snapshot's message cut into requests that every manager takes.
///
/// Each part repeats everything but the data (SwarmKit `transport/peer.go`, `splitSnapshotData`).
struct SnapshotParts: Sendable {
    /// What a request has beyond the parts' common fields and its data: the data's tag and length, and longer
    /// lengths of the messages around it.
    private static let framing = 32

    private let head: SwarmStreamRaftMessageRequest
    private let room: Int

    /// The parts of `message` with the state that `source` has, each of at most `partBytes` bytes.
    init(_ message: RaftCore.Message, _ source: SnapshotSource, partBytes: Int) throws {
        var head = SwarmStreamRaftMessageRequest()
        head.message = RaftWire.encode(message)
        head.message.snapshot.clearData()
        head.message.snapshot.metadata.index = source.index
        head.message.snapshot.metadata.term = source.term
        // Snapshots of the first format do not name their configuration.
        if !source.configuration.voters.isEmpty {
            head.message.snapshot.metadata.confState = source.configuration
        }
        let common = (try head.serializedBytes() as [UInt8]).count
        precondition(common + Self.framing < partBytes, "a head of \(common) bytes in \(partBytes)")
        self.head = head
        self.room = partBytes - common - Self.framing
    }

    /// The parts that carry `bytes`, at least one.
    func cut(_ bytes: [UInt8]) -> some Sequence<SwarmStreamRaftMessageRequest> {
        let starts = bytes.isEmpty ? [0] : Array(stride(from: 0, to: bytes.count, by: self.room))
        return starts.lazy.map { start in
            var part = self.head
            part.message.snapshot.data = Data(bytes[start..<min(start + self.room, bytes.count)])
            return part
        }
    }
}
