import Dispatching
import GroupSimulation
import Primitives
import StoreCore
import SwarmAPI

// What the leader's components do, and how a leader comes and goes.
extension SimulatedCluster {
    /// Begins a term: the new leader has nothing but the store.
    mutating func elect() throws(Violation) {
        guard self.leader == nil else { return }
        self.terms += 1
        self.note("leader \(self.terms)")
        let skew = self.timeChance.time(.seconds(0), self.plan.skew)
        var sessions = SessionTable(
            period: self.plan.heartbeat.duration,
            generator: SeededGenerator(seed: self.timeChance.number())
        )
        let known = self.state.nodes.all.map { (id: $0.id, isDown: $0.status.state == .down) }
        let actions = sessions.start(nodes: known, now: self.wallClock)
        self.leader = SimulatedLeader(
            term: self.terms,
            skew: skew.duration,
            components: [],
            sessions: sessions,
            generator: SeededGenerator(seed: self.timeChance.number())
        )
        self.perform(actions)
        for place in Actor.components.indices {
            let component = self.component(Actor.components[place])
            self.leader?.components.append(component)
            self.call(place, after: self.plan.reaction)
        }
        self.scheduleExpiry()
    }

    /// Ends the term: whatever is under way never happened, and the nodes' streams end.
    mutating func depose() {
        guard self.leader != nil else { return }
        self.note("no leader")
        self.leader = nil
        for number in self.nodes.indices {
            guard let session = self.nodes[number].session else { continue }
            let event = ClusterEvent.disconnected(
                node: number,
                life: self.nodes[number].life,
                session: session
            )
            self.queue.add(event, at: self.now + self.timeChance.time(mean: self.plan.delay))
        }
    }

    /// A component without memory of what was before.
    func component(_ actor: Actor) -> LeaderComponent {
        LeaderComponent(
            actor,
            on: self.state,
            position: self.leader?.log.count ?? 0,
            now: self.leaderClock
        )
    }

    /// Has a component look after a while; an earlier call is called off.
    mutating func call(_ place: Int, after mean: Span) {
        guard let term = self.leader?.term else { return }
        let ticket = self.nextNumber()
        self.leader?.components[place].ticket = ticket
        self.leader?.components[place].activity = .called
        let moment = self.now + self.timeChance.time(mean: mean) + Span(microseconds: 1)
        self.queue.add(.turn(component: place, term: term, ticket: ticket), at: moment)
    }

    /// Has a component take in what was committed, and decide.
    mutating func turn(_ place: Int, _ term: Int, _ ticket: Int) throws(Violation) {
        guard var leader = self.leader, leader.term == term, leader.components[place].ticket == ticket else {
            return
        }
        var component = leader.components[place]
        let now = self.leaderClock
        let taken = self.taken(by: component, of: leader.log)
        for commit in taken { component.core.observe(commit, now: now) }
        component.position += taken.count
        component.seen = taken.last?.state ?? component.seen
        component.edits = component.core.plan(on: component.seen, now: now, using: &leader.generator)[...]
        let isIdle = taken.isEmpty && component.edits.isEmpty
        if isIdle, let deadline = component.core.deadline, deadline <= now {
            throw Violation("a component waits until there is something to do", "\(component.actor.rawValue)")
        }
        component.activity = component.edits.isEmpty ? .waiting : .writing
        leader.components[place] = component
        self.leader = leader
        self.goOn(place)
    }

    /// The commits that a component gets to see now: in danger perhaps not all that there are, but all of its own;
    /// and perhaps each with the state behind the last of them.
    private mutating func taken(by component: LeaderComponent, of log: [Commit]) -> [Commit] {
        let waiting = log.count - component.position
        guard self.isDangerous, waiting > 1 else { return Array(log[component.position...]) }
        let least = max(1, component.written - component.position)
        let count = self.timeChance.happens(0.3) ? self.timeChance.number(in: least...waiting) : waiting
        let taken = log[component.position..<component.position + count]
        guard let version = taken.last?.version, self.timeChance.happens(0.5) else { return Array(taken) }
        return taken.map { Commit(index: $0.index, changes: $0.changes, version: version) }
    }

    /// Has a component commit a part of its edits.
    mutating func write(_ place: Int, _ term: Int) throws(Violation) {
        guard let component = self.leader?.components[place], self.leader?.term == term else { return }
        let part = component.edits.prefix(self.isDangerous ? self.plan.batch : 200)
        self.leader?.components[place].edits = component.edits.dropFirst(part.count)
        try self.commit(by: component.actor, seen: component.seen) { _ = $0.apply(part) }
        let count = self.leader?.log.count ?? 0
        self.leader?.components[place].written = count
        if component.edits.count == part.count { self.leader?.components[place].activity = .waiting }
        self.goOn(place)
    }

    /// Arranges what a component does next.
    private mutating func goOn(_ place: Int) {
        guard let leader = self.leader else { return }
        let component = leader.components[place]
        if component.activity == .writing {
            let mean = self.isDangerous ? self.plan.commit : .milliseconds(1)
            let moment = self.now + self.timeChance.time(mean: mean)
            self.queue.add(.write(component: place, term: leader.term), at: moment)
        } else if component.position < leader.log.count {
            self.call(place, after: self.isDangerous ? self.plan.reaction : .milliseconds(1))
        } else if let deadline = component.core.deadline {
            let ticket = self.nextNumber()
            self.leader?.components[place].ticket = ticket
            let moment = max(self.moment(of: deadline), self.now)
            self.queue.add(.turn(component: place, term: leader.term, ticket: ticket), at: moment)
        } else {
            self.leader?.components[place].ticket = 0
        }
    }
}
