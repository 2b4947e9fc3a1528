import FoundationEssentials
import RaftCore
import SwarmAPI
import SwiftProtobuf

/// A snapshot's message cut into requests that every manager takes.
///
/// Each part repeats everything but the data (SwarmKit `transport/peer.go`, `splitSnapshotData`).
struct SnapshotParts: Sequence, Sendable {
    /// What a request has beyond the parts' common fields and its data: the data's tag and length, and longer
    /// lengths of the messages around it.
    private static let framing = 32

    private let head: SwarmStreamRaftMessageRequest
    private let bytes: [UInt8]
    private let room: Int

    /// The parts of `message` with the state in `snapshot`, each of at most `partBytes` bytes.
    init(_ message: RaftCore.Message, _ snapshot: StoredSnapshot, partBytes: Int) throws {
        var head = SwarmStreamRaftMessageRequest()
        head.message = RaftWire.encode(message)
        head.message.snapshot.clearData()
        head.message.snapshot.metadata.index = snapshot.index
        head.message.snapshot.metadata.term = snapshot.term
        // Snapshots of the first format do not name their configuration.
        if !snapshot.configuration.voters.isEmpty {
            head.message.snapshot.metadata.confState = snapshot.configuration
        }
        let common = (try head.serializedBytes() as [UInt8]).count
        precondition(common + Self.framing < partBytes, "a head of \(common) bytes in \(partBytes)")
        self.head = head
        self.bytes = snapshot.bytes
        self.room = partBytes - common - Self.framing
    }

    func makeIterator() -> AnyIterator<SwarmStreamRaftMessageRequest> {
        var start = 0
        var isFirst = true
        return AnyIterator {
            guard isFirst || start < self.bytes.count else { return nil }
            isFirst = false
            let end = Swift.min(start + self.room, self.bytes.count)
            var part = self.head
            part.message.snapshot.data = Data(self.bytes[start..<end])
            start = end
            return part
        }
    }
}
