import RaftCore
import ReplicatedStore
import Replication
import StoreCore
import SwarmAPI

// How danger ends, and what must be well after it.
extension Simulation {
    /// Ends everything that goes wrong.
    mutating func calm() throws(Violation) {
        self.note(-1, "danger ends", [])
        self.network.calm()
        for machine in self.managers.indices {
            self.managers[machine].disk.faults = DiskFaults()
            if let process = self.managers[machine].process { try self.resume(machine, process.number) }
        }
        self.group.calm()
    }

    /// Why the group is not well; nil when it is.
    func unwell(since start: Moment) -> String? {
        guard self.now > start + .seconds(1) else { return "danger is only just over" }
        guard self.group.isIdle else { return "the operator waits: \(self.group.tasks)" }
        guard self.hasFreshWrite else { return "no write was committed" }
        guard
            !self.operations.contains(where: {
                if case .open = $0.outcome { true } else { false }
            })
        else { return "clients wait" }
        guard let leader = self.leader, let process = self.managers[leader].process else {
            return "no leader"
        }
        let members = self.managers.filter { $0.role == .member }
        let named = process.member.membership.members.map(\.raftID)
        guard named.count == members.count, members.allSatisfy({ named.contains($0.raftID.rawValue) }) else {
            return "the group is \(named), the members are \(members.map(\.raftID))"
        }
        let leaving = self.managers.first { $0.role == .spare && $0.process != nil }
        if let leaving { return "m\(leaving.number) runs on and does not know that it was removed" }
        let last = process.member.node.lastIndex
        let image = process.image
        for manager in members {
            guard let process = manager.process else { return "m\(manager.number) is down" }
            guard process.isSettled else { return "m\(manager.number) is not settled" }
            guard process.replica.applied == last else {
                return "m\(manager.number) is at \(process.replica.applied) of \(last)"
            }
            guard process.image == image else { return "m\(manager.number) has another state" }
        }
        return nil
    }

    /// The machine that leads in the newest term, as far as one knows.
    var leader: Int? {
        let leaders = self.managers.filter { manager in
            guard let member = manager.process?.member, manager.missed == nil else { return false }
            return member.announced.map(member.leads) ?? false
        }
        return leaders.max { ($0.term, $0.number) < ($1.term, $1.number) }?.number
    }
}

extension SimulatedManager {
    /// The term of its member; 0 without a process.
    var term: UInt64 { self.process?.member.node.term ?? 0 }
}
