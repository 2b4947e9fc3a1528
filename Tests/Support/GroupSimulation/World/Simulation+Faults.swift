import RaftCore
import Replication

// What goes wrong.
extension Simulation {
    /// Something goes wrong now, and something else later.
    mutating func somethingGoesWrong() throws(Violation) {
        guard case .dangerous = self.phase else { return }
        self.queue.add(.fault, at: self.now + self.faultChance.time(mean: self.plan.faultInterval))
        let living = self.managers.filter { $0.process != nil && $0.missed == nil }.map(\.number)
        guard let kind = self.faultChance.pick(self.plan.faults),
            let anybody = self.faultChance.pick(living)
        else { return }
        // What happens to a leader matters most.
        let victim = self.faultChance.happens(0.35) ? self.leader ?? anybody : anybody
        self.faultCounts[kind, default: 0] += 1
        switch kind {
        case .kill: self.die(victim, losingPower: false)
        case .powerLoss: self.die(victim, losingPower: true)
        case .blackout: self.blackOut()
        case .pause:
            self.pause(victim, until: self.now + self.faultChance.time(.milliseconds(100), .seconds(6)))
        case .cut: self.cut(living)
        case .clog: self.clog(victim)
        case .weather: self.network.conditions = SimulationPlan.weather(&self.faultChance)
        case .failedSync:
            self.managers[victim].disk.faults.showsUnwritten = self.plan.showsUnwritten
            self.managers[victim].disk.faults.failsSync = true
        case .fullDisk:
            self.managers[victim].disk.faults.isFull = true
            let moment = self.now + self.faultChance.time(.milliseconds(100), .seconds(3))
            self.queue.add(.roomAgain(machine: victim), at: moment)
        case .torn:
            self.managers[victim].disk.faults.operationsToCrash = self.faultChance.number(in: 0...12)
        case .flippedBit: self.flipBit(victim)
        case .lostDisk: self.loseDisk(victim)
        case .transfer: try self.transfer()
        case .stop:
            let process = self.managers[victim].process?.number ?? 0
            try self.stop(victim, process, self.now + .milliseconds(500))
        case .join: self.letJoin()
        case .removal: self.letGo(victim)
        case .readdress: self.readdress(victim)
        }
    }

    private mutating func blackOut() {
        // Once in a while is enough: nothing else happens while all are down.
        guard self.faultChance.happens(0.3) else { return }
        for machine in self.managers.indices where self.managers[machine].process != nil {
            self.die(machine, losingPower: true)
        }
    }

    private mutating func cut(_ living: [Int]) {
        let machines = self.managers.indices.filter { self.managers[$0].role != .spare }
        let mixed = self.faultChance.shuffled(Array(machines))
        guard mixed.count > 1 else { return }
        let size = self.faultChance.number(in: 1...mixed.count - 1)
        let (left, right) = (Array(mixed[..<size]), Array(mixed[size...]))
        let leader = self.leader.map { [$0] } ?? left
        let others = mixed.filter { !leader.contains($0) }
        let cut: NetworkCut =
            switch self.faultChance.number(in: 0...6) {
            case 0: .between(left, right)
            case 1: .oneWay(from: left, to: right)
            case 2, 3: .between(leader, others)
            case 4: .oneWay(from: leader, to: others)
            case 5: .oneWay(from: others, to: leader)
            default: .ring(mixed)
            }
        let number = self.network.cut(cut)
        self.note(-1, "the network is cut", [UInt64(number)])
        let longest = self.faultChance.pick([Span.seconds(1), .seconds(3), .seconds(8)]) ?? .seconds(1)
        self.queue.add(.heal(cut: number), at: self.now + self.faultChance.time(.milliseconds(50), longest))
    }

    private mutating func clog(_ victim: Int) {
        let other = self.faultChance.number(in: 0...self.managers.count - 1)
        let moment = self.now + self.faultChance.time(.milliseconds(50), .seconds(3))
        self.network.clog(NetworkCut.Path(from: victim, to: other), until: moment)
    }

    /// Whether a member may be lost for good: all others are whole, and can remove it.
    private func canLose(_ machine: Int) -> Bool {
        guard self.group.isIdle, self.managers[machine].role == .member else { return false }
        guard !self.managers.contains(where: { $0.isTampered || $0.role == .broken }) else { return false }
        guard let leader = self.leader, let member = self.managers[leader].process?.member else {
            return false
        }
        // Members that have not heard of the newest group count on an older one, which may need the lost member.
        let group = member.node.configuration
        let all = self.managers.filter { $0.role == .member }
        guard all.allSatisfy({ $0.process?.member.node.configuration == group }) else { return false }
        return group.voters.count >= 3
    }

    private mutating func flipBit(_ victim: Int) {
        guard self.canLose(victim) else { return }
        let disk = self.managers[victim].disk
        let logs = "\(SimulatedDisk.root)/raft/log"
        let newest = (try? disk.names(in: logs).last) ?? ""
        let place =
            self.faultChance.happens(0.7)
            ? disk.flipBit(where: { $0 < newest }, in: logs)
            : disk.flipBit(where: { $0.hasSuffix(".snap") }, in: "\(SimulatedDisk.root)/raft/snapshots")
        guard place != nil else { return }
        self.note(victim, "a bit flips", [])
        self.managers[victim].isTampered = true
        self.die(victim, losingPower: false)
    }

    private mutating func loseDisk(_ victim: Int) {
        guard self.canLose(victim) else { return }
        self.note(victim, "loses its disk", [])
        self.giveUp(victim)
    }

    private mutating func transfer() throws(Violation) {
        guard let leader = self.leader, let process = self.managers[leader].process else { return }
        let voters = process.member.node.configuration.voters
        guard let heir = self.faultChance.pick(voters) else { return }
        try self.step(leader, process.number) { $0.member.transferLeadership(to: heir) }
    }

    private mutating func letJoin() {
        let spare = self.managers.filter { $0.role == .spare }.map(\.number)
        guard self.group.isIdle, let machine = self.faultChance.pick(spare) else { return }
        self.group.add(.join(machine: machine, learner: self.faultChance.happens(0.5)))
    }

    private mutating func letGo(_ victim: Int) {
        let members = self.managers.filter { $0.role == .member }
        guard self.group.isIdle, members.count > 2, self.managers[victim].role == .member,
            !self.managers.contains(where: { $0.isTampered || $0.role == .broken })
        else { return }
        self.group.add(.remove(machine: victim))
    }

    private mutating func readdress(_ victim: Int) {
        // The others must be able to agree on the address without the one that they can't reach.
        guard self.canLose(victim) else { return }
        self.managers[victim].port += 1
        self.die(victim, losingPower: false)
        self.group.add(.readdress(machine: victim))
    }
}
