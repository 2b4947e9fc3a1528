import GRPCCore
import Orchestration
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf

extension ConsoleSources {
    /// How many objects one preview may ask about.
    static let previewLimit = 100

    /// Says what `request` would do, by the store as this manager has it at the moment.
    func preview(_ request: SwarmdPreviewRequest) async throws -> SwarmdPreviewResponse {
        let count = request.nodes.count + request.services.count
        guard (1...Self.previewLimit).contains(count) else {
            throw RPCError(
                code: .invalidArgument,
                message: "a preview is of 1 to \(Self.previewLimit) changes, not of \(count)"
            )
        }
        let state = await self.store.committed.state
        do {
            var response = try Impact.preview(request, on: state, now: self.now())
            let members = await self.members()
            if request.nodes.contains(where: { change in members.contains { $0.nodeID == change.nodeID } }) {
                // A drained manager goes on to vote.
                response.quorumBefore = Self.quorum(members)
                response.quorumAfter = response.quorumBefore
            }
            return response
        } catch {
            throw RPCError(code: error.isMissing ? .notFound : .invalidArgument, message: error.text)
        }
    }

    private static func quorum(_ members: [SwarmRaftMember]) -> SwarmdPreviewQuorum {
        .with {
            $0.managers = UInt32(clamping: members.count)
            $0.reachable = UInt32(clamping: members.count { $0.status.reachability == .reachable })
        }
    }
}
