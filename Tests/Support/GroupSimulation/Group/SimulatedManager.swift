import RaftCore
import Replication
import SwarmAPI

/// A machine with its disk, and the manager that runs on it or will again.
struct SimulatedManager: Sendable {
    /// What the manager is to the group, as far as the operator knows.
    enum Role: Sendable, Equatable {
        /// It has nothing to do with the group.
        case spare
        /// The group is asked to take it in; then it begins.
        case joining
        /// It belongs to the group.
        case member
        /// Its disk can't be used any more; its identifier has to go.
        case broken
    }

    let number: Int
    var role: Role = .spare
    /// The identifier of the member on it.
    var raftID: RaftID = .none
    /// How often it moved.
    var port = 0
    var disk: SimulatedDisk
    /// The process; nil while there is none.
    var process: ManagerProcess?
    /// What came while the process stood still; nil while it does not.
    var missed: [SimulationEvent]?
    /// The length of its ticks.
    var tick = Span.milliseconds(100)
    /// Whether its files were tampered with, so that it may refuse to start.
    var isTampered = false
    /// The members that it was told of when it joined; none for the first member.
    var contacts: [SwarmRaftMember] = []
    /// Whether a new process comes.
    var isRestarting = false
    /// What the oracle saw of its process.
    var watched = Watched()

    /// Where it listens.
    var address: String { "m\(self.number):\(self.port)" }

    init(number: Int, disk: SimulatedDisk) {
        self.number = number
        self.disk = disk
    }

    /// The machine that `address` names, and where it listened.
    static func machine(of address: String) -> (number: Int, port: Int)? {
        let parts = address.dropFirst().split(separator: ":").compactMap { Int($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}

/// How far the oracle has looked at a process.
struct Watched: Sendable {
    /// Its commit index.
    var commit: UInt64 = 0
    /// The group that it counted when its commit index was looked at.
    var group = ConfigurationState()
    /// The last entry that was handed to its store.
    var handed: UInt64 = 0
    /// The last commit that its watchers saw.
    var shown: UInt64 = 0
    /// The last term in which it told its store that it leads.
    var office: UInt64 = 0
    /// Its term and vote.
    var state = HardState()
    /// Where changes of the group are in its log.
    var changes: [UInt64] = []
}
