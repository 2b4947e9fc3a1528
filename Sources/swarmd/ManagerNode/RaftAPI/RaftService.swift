package import GRPCCore
import RaftCore
package import Replication
package import SwarmAPI
import SwiftProtobuf
package import SwarmRPC

/// Takes messages as SwarmKit's managers send them, and snapshots as all do.
///
/// What is of no use is dropped without an error, as SwarmKit does it (`raft.go`, `processRaftMessage`).
package struct RaftService: SwarmRaft.SimpleServiceProtocol {
    private let receiver: any RaftReceiver
    private let check: @Sendable (String) async throws -> Void

    /// Gives `receiver`, which is the node `nodeID`, what arrives; `check` calls a candidate back.
    package init(
        receiver: any RaftReceiver,
        security: any ConnectionSecurity,
        check: (@Sendable (String) async throws -> Void)? = nil
    ) {
        self.receiver = receiver
        self.check =
            check ?? {
                try await MembershipCalls.check($0, security: security, within: MembershipCalls.shortDeadline)
            }
    }

    package func processRaftMessage(
        request: SwarmProcessRaftMessageRequest,
        context: ServerContext
    ) async throws -> SwarmProcessRaftMessageResponse {
        try self.receiver.admit(RaftID(rawValue: request.message.from), from: context.peer)
        try await self.take(request.message)
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
                try self.receiver.admit(RaftID(rawValue: part.message.from), from: context.peer)
                try assembly.add(part.message)
            }
            guard let message = assembly.message else {
                throw RPCError(code: .invalidArgument, message: "raft: a call without a message")
            }
            try await self.take(message)
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

    private func take(_ wire: RaftMessage) async throws {
        guard let message = RaftWire.decode(wire), message.to == self.receiver.id else { return }
        // Unlike ours, these messages do not say where the sender listens.
        self.receiver.seek(message.from, term: message.term)
        switch message.kind {
        case .propose: return
        case .vote:
            // A candidate that can be heard but not reached would lead nobody (SwarmKit `raft.go`).
            guard let address = self.receiver.address(of: message.from),
                (try? await self.check(address)) != nil
            else { return }
            self.receiver.receive([message])
        default: self.receiver.receive([message])
        }
    }
}
