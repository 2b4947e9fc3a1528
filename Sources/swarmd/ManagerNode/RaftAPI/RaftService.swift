package import GRPCCore
import RaftCore
package import Replication
package import SwarmAPI
import SwiftProtobuf
import SwarmRPC

/// Takes messages as SwarmKit's managers send them, and snapshots as all do.
///
/// What is of no use is dropped without an error, as SwarmKit does it (`raft.go`, `processRaftMessage`).
package struct RaftService: SwarmRaft.SimpleServiceProtocol {
    private let receiver: any RaftReceiver

    /// Gives `receiver` what arrives.
    package init(receiver: any RaftReceiver) { self.receiver = receiver }

    package func processRaftMessage(
        request: SwarmProcessRaftMessageRequest,
        context: ServerContext
    ) async throws -> SwarmProcessRaftMessageResponse {
        try self.take(request.message)
        return SwarmProcessRaftMessageResponse()
    }

    package func streamRaftMessage(
        request: RPCAsyncSequence<SwarmStreamRaftMessageRequest, any Error>,
        context: ServerContext
    ) async throws -> SwarmStreamRaftMessageResponse {
        try await context.whileConnected {
            var assembly = SnapshotAssembly()
            for try await part in request {
                // Whoever was removed learns it before it sends a whole snapshot.
                try self.refuseRemoved(part.message)
                try assembly.add(part.message)
            }
            guard let message = assembly.message else {
                throw RPCError(code: .invalidArgument, message: "raft: a call without a message")
            }
            try self.take(message)
            return SwarmStreamRaftMessageResponse()
        }
    }

    package func resolveAddress(
        request: SwarmResolveAddressRequest,
        context: ServerContext
    ) async throws -> SwarmResolveAddressResponse {
        guard let address = self.receiver.address(of: RaftID(rawValue: request.raftID)) else {
            throw RPCError(code: .notFound, message: "raft: no member has this identifier")
        }
        return .with { $0.addr = address }
    }

    private func take(_ wire: RaftMessage) throws {
        try self.refuseRemoved(wire)
        guard let message = RaftWire.decode(wire), message.to == self.receiver.id else { return }
        switch message.kind {
        case .propose: return
        case .vote where self.receiver.address(of: message.from) == nil: return
        default: self.receiver.receive([message])
        }
    }

    private func refuseRemoved(_ wire: RaftMessage) throws {
        if self.receiver.isRemoved(RaftID(rawValue: wire.from)) { throw KnownError.removed }
    }
}
