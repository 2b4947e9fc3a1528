import Logging
import Primitives
import Replication
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Tells the group when this member listens elsewhere than it knows, and finds the group for a member that has
/// nothing of its log yet.
///
/// A leader changes the entry itself; another member joins again, which for a known node means just that
/// (SwarmKit `raft.go`, `Join`).
struct AddressKeeper: Sendable {
    private static let interval = Duration.seconds(1)

    let proposer: GroupProposer
    let nodeID: String
    let security: any ConnectionSecurity
    let address: String
    /// Managers to ask while the own log names none.
    let knownManagers: [String]
    let clock: any WallClock
    let log: Logger

    /// Works until it is cancelled.
    func run() async throws {
        while !Task.isCancelled {
            if self.proposer.membership.members.isEmpty { await self.findGroup() }
            if var member = self.proposer.membership.member(node: self.nodeID), member.addr != self.address {
                member.addr = self.address
                do {
                    try await self.tell(member)
                    self.log.notice(
                        "the group knows the new address",
                        metadata: ["address": "\(self.address)"]
                    )
                } catch {
                    self.log.debug(
                        "the group does not know the new address yet",
                        metadata: ["error": "\(error)"]
                    )
                }
            }
            try await self.clock.sleep(until: self.clock.now + Self.interval)
        }
    }

    private func findGroup() async {
        for manager in self.knownManagers {
            do {
                let response = try await MembershipCalls.join(
                    leader: manager,
                    security: self.security,
                    address: self.address
                )
                return self.proposer.introduce(response.members)
            } catch {
                self.log.debug(
                    "a manager did not tell the group",
                    metadata: ["manager": "\(manager)", "error": "\(error)"]
                )
            }
        }
    }

    private func tell(_ member: SwarmRaftMember) async throws {
        if self.proposer.isLeader { return try await self.proposer.update(member) }
        guard let leader = self.proposer.members.first(where: { $0.status.leader }) else { return }
        _ = try await MembershipCalls.join(
            leader: leader.addr,
            security: self.security,
            address: self.address
        )
    }
}
