package import RaftCore
import SwarmAPI

extension GroupProposer: RaftReceiver {
    package func isRemoved(_ id: RaftID) -> Bool { self.membership.isRemoved(id) }

    package func address(of id: RaftID) -> String? { self.membership.member(id)?.addr }
}

extension GroupProposer: GroupMembership {}
