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
    private let isDemoted: @Sendable (String) -> Bool

    /// Gives `receiver` what arrives; `check` calls a candidate back, and `isDemoted` says of a node that is no member
    /// whether it is known to be no manager any more.
    package init(
        receiver: any RaftReceiver,
        security: any ConnectionSecurity,
        isDemoted: @escaping @Sendable (String) -> Bool = { _ in false },
        check: (@Sendable (String) async throws -> Void)? = nil
    ) {
        self.receiver = receiver
        self.isDemoted = isDemoted
        self.check =
            check ?? {
                try await MembershipCalls.check($0, security: security, within: MembershipCalls.shortDeadline)
            }
    }

    package func processRaftMessage(
        request: SwarmProcessRaftMessageRequest,
        context: ServerContext
    ) async throws -> SwarmProcessRaftMessageResponse {
        try self.admit(request.message, from: context.peer)
        guard request.hasMessage, request.message.from != 0 else {
            throw RPCError(code: .invalidArgument, message: "raft: no message of a member was given")
        }
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
                try self.admit(part.message, from: context.peer)
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

    private func admit(_ message: RaftMessage, from peer: PeerIdentity) throws(RPCError) {
        try self.receiver.admit(RaftID(rawValue: message.from), from: peer, isDemoted: self.isDemoted)
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
