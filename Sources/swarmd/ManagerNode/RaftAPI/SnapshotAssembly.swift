import FoundationEssentials
import GRPCCore
import SwarmAPI
import SwiftProtobuf

/// Puts the parts of a message together; only a message with a snapshot has more than one.
///
/// Pure. SwarmKit `raft.go`, `StreamRaftMessage`.
struct SnapshotAssembly: Sendable {
    /// The largest snapshot that is taken.
    static let limit = 1 << 30

    private let limit: Int
    private var head: RaftMessage?
    private var data = Data()

    init(limit: Int = Self.limit) { self.limit = limit }

    /// The message that the parts make; nil if there was none.
    var message: RaftMessage? {
        guard var message = self.head else { return nil }
        if message.type == .msgSnap { message.snapshot.data = self.data }
        return message
    }

    /// Adds a part; throws if it does not belong to those before, or if they get too large.
    mutating func add(_ part: RaftMessage) throws(RPCError) {
        if let head = self.head {
            guard head.type == .msgSnap, part.type == .msgSnap else {
                throw RPCError(code: .invalidArgument, message: "raft: only a snapshot may come in parts")
            }
            guard part.index == head.index, part.snapshot.metadata.index == head.snapshot.metadata.index
            else {
                throw RPCError(
                    code: .invalidArgument,
                    message: "raft: a part of another snapshot came between the parts of one"
                )
            }
        } else {
            self.head = part
            self.head?.snapshot.clearData()
        }
        guard part.type == .msgSnap else { return }
        guard self.data.count + part.snapshot.data.count <= self.limit else {
            throw RPCError(
                code: .resourceExhausted,
                message: "raft: the snapshot is larger than \(self.limit) bytes"
            )
        }
        self.data.append(part.snapshot.data)
    }
}
