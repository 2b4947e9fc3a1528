import Primitives
import SwarmAPI
import SwiftProtobuf
import Synchronization

/// What the leader told this manager of the group's members, for consoles of managers that do not lead.
final class LeaderView: Sendable {
    /// How long a report counts: the leader speaks twice a second.
    private static let validity = Duration.seconds(3)

    private struct Report {
        let leader: String
        let at: Timestamp
        let members: [UInt64: SwarmdRaftPeer]
    }

    private let report = Mutex<Report?>(nil)

    /// Takes over what a manager told at `now`; returns whether it leads.
    func take(_ status: SwarmdConsoleStatus, now: Timestamp) -> Bool {
        let leads = !status.nodeID.isEmpty && status.raft.leaderID == status.nodeID
        let told = Timestamp(status.at)
        var members: [UInt64: SwarmdRaftPeer] = [:]
        for var member in status.raft.members {
            // In this manager's time: clocks differ. The leader itself was heard of just now.
            if member.hasLastContact {
                member.lastContact = (now + (Timestamp(member.lastContact) - told)).protobuf
            }
            if member.leader { member.lastContact = now.protobuf }
            members[member.raftID] = member
        }
        let report = leads ? Report(leader: status.nodeID, at: now, members: members) : nil
        self.report.withLock { $0 = report }
        return leads
    }

    /// What the node `leader`, who leads now, told of the member `raftID`; nil if nothing, or too long ago.
    func member(_ raftID: UInt64, by leader: String, now: Timestamp) -> SwarmdRaftPeer? {
        guard let report = self.report.withLock({ $0 }), report.leader == leader,
            now - report.at <= Self.validity
        else { return nil }
        return report.members[raftID]
    }
}
