import GroupSimulation
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// One run: a leader with its components, agents on nodes and users, first in danger and then left in peace, as a
/// seed has it.
///
/// Single-threaded and without a clock. Everything that happens comes from one queue of events and the dice of the
/// seed, so that a run can be repeated. The group of managers is taken as given: what is committed stays.
package struct SimulatedCluster: Sendable {
    /// The part of a run.
    enum Phase: Sendable, Equatable {
        /// Anything may go wrong until then.
        case dangerous(until: Moment)
        /// Nothing goes wrong any more, and by then everything must be as it was asked for.
        case calm(until: Moment)
        /// A new leader leads since `since`, and must find nothing to do: the tasks stay as they are.
        case settled(since: Moment, tasks: [String])
    }

    let seed: UInt64
    let plan: ClusterPlan
    var now = Moment.start
    var phase: Phase
    var queue = EventQueue<ClusterEvent>()
    var state = StoreState()
    var version: UInt64 = 0
    var leader: SimulatedLeader?
    var terms = 0
    var nodes: [SimulatedNode] = []
    /// The nodes' numbers, by identifier.
    var numbers: [String: Int] = [:]
    var rules = StepRules()
    var trace: ClusterTrace
    var events = 0
    var counts: [String: Int] = [:]
    /// Numbers for what must have a number that nothing else has.
    var lastNumber = 0
    var isOver = false

    // Dice of their own for each concern.
    var timeChance: Chance
    var faultChance: Chance
    var userChance: Chance
    var taskChance: Chance

    /// The run of `seed`; `echo` gets each line of its trace.
    package init(seed: UInt64, plan: ClusterPlan? = nil, echo: (@Sendable (String) -> Void)? = nil) {
        self.seed = seed
        let plan = plan ?? ClusterPlan(seed: seed)
        self.plan = plan
        self.trace = ClusterTrace(echo: echo)
        self.timeChance = Chance(seed: seed, concern: "time")
        self.faultChance = Chance(seed: seed, concern: "fault")
        self.userChance = Chance(seed: seed, concern: "user")
        self.taskChance = Chance(seed: seed, concern: "task")
        self.phase = .dangerous(until: Moment.start + plan.dangerous)
    }

    /// Runs until everything is as it was asked for, or a rule is broken.
    package mutating func run() -> ClusterReport {
        var violation: Violation?
        do throws(Violation) {
            try self.found()
            while !self.isOver, let next = self.queue.next() {
                self.now = next.moment
                self.events += 1
                try self.handle(next.event)
                self.calmIfDue()
            }
        } catch {
            violation = error
        }
        return ClusterReport(
            seed: self.seed,
            violation: violation,
            hash: self.trace.hash,
            events: self.events,
            commits: Int(self.version),
            end: self.now,
            counts: self.counts,
            tasks: self.rules.made,
            tail: self.trace.tail
        )
    }

    /// Begins with a cluster object, some nodes, and a leader.
    private mutating func found() throws(Violation) {
        let period = self.plan.heartbeat.duration
        let retention = Int64(self.userChance.pick([-1, 0, 1, 5, 5]) ?? 5)
        try self.commit(by: .users) { transaction in
            let cluster = SwarmCluster.with {
                $0.id = "cluster"
                $0.spec.annotations.name = "default"
                $0.spec.orchestration.taskHistoryRetentionLimit = retention
                $0.spec.dispatcher.heartbeatPeriod = period.protobuf
            }
            try? transaction.create(cluster)
        }
        for _ in 0..<self.plan.nodes { try self.addNode() }
        self.queue.add(.elect, at: self.now)
        self.queue.add(.command, at: self.now + .milliseconds(500))
        self.queue.add(.fault, at: self.now + .seconds(5))
    }

    /// Ends the danger when its time is over.
    private mutating func calmIfDue() {
        guard case .dangerous(let end) = self.phase, self.now >= end else { return }
        self.phase = .calm(until: self.now + self.plan.patience)
        self.note("danger is over")
        for number in self.nodes.indices where !self.nodes[number].isRemoved {
            self.heal(number)
            self.nodes[number].lateness = .seconds(0)
            if !self.nodes[number].isUp { self.queue.add(.start(node: number), at: self.now) }
        }
        if self.leader == nil { self.queue.add(.elect, at: self.now) }
        self.queue.add(.look, at: self.now + .seconds(10))
    }
}

extension SimulatedCluster {
    /// Whether things may go wrong.
    var isDangerous: Bool { if case .dangerous = self.phase { true } else { false } }

    /// Adds a line to the trace.
    mutating func note(_ text: String) { self.trace.note(self.now, text) }

    mutating func count(_ what: String) { self.counts[what, default: 0] += 1 }

    mutating func nextNumber() -> Int {
        self.lastNumber += 1
        return self.lastNumber
    }

    /// The true time on the wall.
    var wallClock: Timestamp { Self.timestamp(self.now) }

    /// The time as the leader has it.
    var leaderClock: Timestamp { self.wallClock + (self.leader?.skew ?? .zero) }

    static func timestamp(_ moment: Moment) -> Timestamp {
        Timestamp(nanoseconds: Self.epoch + Int64(moment.microseconds) * 1_000)
    }

    /// The moment at which the leader's clock shows `time`.
    func moment(of time: Timestamp) -> Moment {
        let true_ = time + (.zero - (self.leader?.skew ?? .zero))
        return Moment(microseconds: Int((true_.nanoseconds - Self.epoch + 999) / 1_000))
    }

    /// When a run begins, in nanoseconds.
    private static let epoch: Int64 = 1_700_000_000_000_000_000
}

extension Span {
    var duration: Duration { .microseconds(self.microseconds) }
}

extension Duration {
    /// The same in whole microseconds.
    var span: Span { Span(microseconds: Int(self.wholeNanoseconds / 1_000)) }
}
