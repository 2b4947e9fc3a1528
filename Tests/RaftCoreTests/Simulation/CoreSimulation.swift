import Primitives
import RaftCore

/// A group of five cores under faults that a seed chooses, watched by the rules that raft promises to keep.
///
/// The product's members are simulated whole in `Tests/Support/GroupSimulation`. Here is what they never do:
/// storage in order with the messages, elections without pre-vote or check of the quorum, joint changes of the
/// group, and limits so small that they are always met.
struct CoreSimulation {
    private static let ids: [RaftID] = [1, 2, 3, 4, 5]
    private var generator: SeededGenerator
    private var members: [SimulatedMember]
    private var onTheirWay: [Message] = []
    private var cut: [RaftID] = []
    private var isCalm = false
    /// How many entries shall be applied once there are no more faults; then nothing more is proposed.
    private var goal = Int.max
    private var proposals: UInt64 = 0

    /// Who led each term.
    private var leaders: [UInt64: RaftID] = [:]
    /// What anybody has applied, from index 1 on.
    private(set) var history: [Entry] = []
    /// How much of each member's applied entries was compared.
    private var compared: [Int]
    /// What was wrong, if anything was.
    private(set) var violations: [String] = []
    /// How much was applied anywhere when each read was asked for.
    private var reads: [[UInt8]: UInt64] = [:]

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let flags = (0..<3).map { _ in Bool.random(using: &generator) }
        let group = ConfigurationState(voters: [1, 2, 3])
        self.members = Self.ids.map { id in
            var configuration = RaftConfiguration(id: id, seed: seed)
            configuration.asyncStorageWrites = flags[0]
            configuration.preVote = flags[1]
            configuration.checkQuorum = flags[2]
            configuration.maxSizePerMessage = 64
            configuration.maxInflightMessages = 4
            configuration.maxUncommittedBytes = 500
            return SimulatedMember(configuration, disk: StableLog(snapshot: Snapshot(configuration: group)))
        }
        self.compared = Self.ids.map { _ in 0 }
        self.generator = generator
    }

    /// Lets so many things happen, then lets the group recover.
    mutating func run(steps: Int) {
        for _ in 0..<steps where self.violations.isEmpty { self.step() }
        self.isCalm = true
        self.cut = []
        self.goal = self.history.count + 20
        for _ in 0..<20_000 where self.violations.isEmpty {
            self.step()
            if self.history.count >= self.goal, self.isEqual { return }
        }
        if self.violations.isEmpty { self.violations.append("the group did not recover") }
    }

    /// Whether every voter has applied everything that anybody has.
    private var isEqual: Bool {
        guard let leader = self.members.first(where: { $0.node.role == .leader }) else { return false }
        let voters = leader.node.status.configuration.voters
        return self.members.filter { voters.contains($0.node.id) }
            .allSatisfy { $0.appliedIndex == UInt64(self.history.count) }
    }

    private mutating func draw(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self.generator) }

    // MARK: What happens

    private mutating func step() {
        let place = self.draw(self.members.count)
        switch self.draw(100) {
        case 0..<20: self.tick(place)
        case 20..<50: self.send(self.members[place].work())
        case 50..<60: self.send(self.members[place].write())
        case 60..<67: self.members[place].applyNext()
        case 67..<85: for _ in 0..<(self.isCalm ? 12 : 3) { self.deliver() }
        case 85..<95: self.propose(at: place)
        case 95: self.members[place].compact()
        case 96: self.change(at: place)
        default: if !self.isCalm { self.fault(at: place) }
        }
        self.check(place)
    }

    private mutating func tick(_ place: Int) {
        self.members[place].node.tick()
        // A leader that was removed takes no proposals: it hands over, as its driver should make it.
        let status = self.members[place].node.status
        guard status.softState.role == .leader, !status.configuration.voters.contains(status.id) else {
            return
        }
        guard let target = status.peers.filter({ !$0.isLearner }).max(by: { $0.match < $1.match }) else {
            return
        }
        self.members[place].node.transferLeadership(to: target.id)
    }

    private mutating func propose(at place: Int) {
        guard self.history.count < self.goal else { return }
        self.proposals += 1
        let bytes = Array("\(self.proposals)".utf8)
        try? self.members[place].node.propose(bytes)
        guard self.draw(4) == 0 else { return }
        self.reads[bytes] = UInt64(self.history.count)
        try? self.members[place].node.readIndex(context: bytes)
    }

    private mutating func change(at place: Int) {
        guard !self.isCalm, self.members[place].node.role == .leader else { return }
        let kinds: [ConfigurationChange.Kind] = [.addVoter, .addVoter, .addLearner, .remove]
        let changes = (0...self.draw(2)).map { _ in
            ConfigurationChange.Change(kinds[self.draw(4)], Self.ids[self.draw(5)])
        }
        // Somebody always votes: the first one.
        guard !changes.contains(where: { $0.node == 1 }) else { return }
        try? self.members[place].node.propose(ConfigurationChange(changes))
    }

    private mutating func fault(at place: Int) {
        let id = Self.ids[place]
        switch self.draw(9) {
        case 0:
            self.send(self.members[place].work(crash: true))
            self.members[place].restart()
            self.compared[place] = 0
        case 1: self.cut = [id]
        case 2: self.cut = [id, Self.ids[self.draw(5)]]
        case 3, 4: self.cut = []
        case 5: self.members[place].node.campaign()
        case 6: self.members[place].node.transferLeadership(to: Self.ids[self.draw(5)])
        case 7: self.members[place].node.reportUnreachable(Self.ids[self.draw(5)])
        default:
            for message in self.onTheirWay { self.sentSnapshot(message, ok: false) }
            self.onTheirWay.removeAll()
        }
    }

    // MARK: Messages

    private mutating func send(_ messages: [Message]) { self.onTheirWay += messages }

    /// Delivers any one of the messages, now and then twice or never.
    private mutating func deliver() {
        guard !self.onTheirWay.isEmpty else { return }
        let next = self.isCalm ? 0 : self.draw(min(self.onTheirWay.count, 10))
        let isRepeated = !self.isCalm && self.draw(20) == 0
        let message = isRepeated ? self.onTheirWay[next] : self.onTheirWay.remove(at: next)
        let isLost = self.cut.contains(message.from) != self.cut.contains(message.to)
        if isLost || (!self.isCalm && self.draw(12) == 0) {
            self.sentSnapshot(message, ok: false)
            return
        }
        guard let place = Self.ids.firstIndex(of: message.to) else { return }
        do {
            try self.members[place].node.step(message)
        } catch .proposalDropped, .readDropped, .tooManyReads, .unknownPeer {
            // These are not the members' mistakes.
        } catch {
            self.violations.append("\(message.to) refuses \(message.kind) of \(message.from): \(error)")
        }
        self.sentSnapshot(message, ok: true)
        self.check(place)
    }

    private mutating func sentSnapshot(_ message: Message, ok: Bool) {
        guard message.kind == .snapshot, let place = Self.ids.firstIndex(of: message.from) else { return }
        self.members[place].node.reportSnapshot(message.to, ok: ok)
    }

    // MARK: What must hold

    private mutating func check(_ place: Int) {
        for read in self.members[place].takeReads() where read.index < self.reads[read.context] ?? .max {
            self.violations.append("a read at \(Self.ids[place]) is as of \(read.index), too old")
        }
        let member = self.members[place]
        self.checkApplied(member, place)
        guard member.node.role == .leader else { return }
        let term = member.node.term
        if let other = self.leaders[term] {
            if other != member.node.id {
                self.violations.append("\(other) and \(member.node.id) lead term \(term)")
            }
            return
        }
        self.leaders[term] = member.node.id
        self.checkComplete(member)
    }

    /// Everybody applies the same.
    private mutating func checkApplied(_ member: SimulatedMember, _ place: Int) {
        for entry in member.applied[self.compared[place]...] {
            if entry.index == UInt64(self.history.count) + 1 {
                self.history.append(entry)
            } else if entry.index > UInt64(self.history.count)
                || self.history[Int(entry.index) - 1] != entry
            {
                self.violations.append("\(member.node.id) applies \(entry)")
            }
        }
        self.compared[place] = member.applied.count
    }

    /// A new leader holds everything that was ever applied.
    private mutating func checkComplete(_ member: SimulatedMember) {
        guard member.node.lastIndex >= UInt64(self.history.count) else {
            self.violations.append("\(member.node.id) leads without entry \(self.history.count)")
            return
        }
        let log = member.node.log
        for entry in self.history
        where entry.index >= log.firstIndex && entry.index <= member.node.commitIndex {
            if let term = log.term(at: entry.index), term != entry.term {
                self.violations.append("\(member.node.id) leads with \(term)/\(entry.index)")
            }
        }
    }
}
