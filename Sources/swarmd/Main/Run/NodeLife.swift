import Trust

/// Decides what the node of a daemon does next.
///
/// Facts go in and actions come out; the shell does them and reports what came of them. The node is in one phase at a
/// time (SwarmKit `node/node.go`, docker `daemon/cluster`): INACTIVE belongs to no cluster, PENDING is about to, ACTIVE
/// does, LOCKED waits for its key, FAILED cannot go on.
struct NodeLife: Sendable, Equatable {
    enum Phase: Sendable, Equatable {
        case inactive
        case pending
        case locked
        case active
        case failed(String)
    }

    /// How the manager part is doing.
    enum ManagerPart: Sendable, Equatable {
        case absent
        case running
        case stopping
    }

    private(set) var phase = Phase.inactive
    /// Who the node is; nil outside of a cluster.
    private(set) var name: NodeName?
    private(set) var manager = ManagerPart.absent
    /// Whether the agent was started.
    private(set) var hasAgent = false
    /// Who waits for what is under way.
    private var asker: Ticket?
    /// Who wants what is under way given up, and waits for that.
    private var abandoner: Ticket?
    /// Whether the node is about to get its certificate by a token.
    private var isJoining = false
    /// Whether a failure of what is under way ends the daemon: its command line asked for it.
    private var isCommanded = false
    /// Whether the node leaves as soon as it is a worker.
    private var leavesAsWorker = false
    private var isLeaving = false
    /// Whether the manager is new to its group, which has not taken it in yet.
    private var isEntering = false
    /// Whether the group let the manager go.
    private var wasRemoved = false
    private var isEnding = false

    /// The role that its certificate gives it.
    var role: NodeName.Role? { self.name?.role }

    /// Takes in a fact; returns what to do about it, in order.
    mutating func step(_ fact: Fact) -> [Action] {
        switch fact {
        case .started(let holdings, let beginning): self.start(holdings, beginning)
        case .asked(let request, let ticket): self.answer(request, ticket)
        case .became(let name): self.become(name)
        case .effortFailed(let reason): self.fail(reason)
        case .keyRefused(let reason): self.reply(.refused(reason))
        case .managerEntered: self.enter()
        case .managerReady: self.reply(.done)
        case .managerDelayed(let reason): self.reply(.refused(reason))
        case .managerEnded(let end): self.managerEnded(end)
        case .agentFailed(let reason): [.end(reason)]
        case .demotionRefused(let reason): self.stay(reason)
        case .certificateRefused(let reason): self.lose(reason)
        case .forgotten: self.forget()
        case .stopRequested: self.stop()
        }
    }
}

// MARK: - The start

extension NodeLife {
    private mutating func start(_ holdings: Holdings, _ beginning: Beginning) -> [Action] {
        if let founding = holdings.founding {
            // A crash came before the cluster was there: nobody else can know of it yet.
            (self.phase, self.isCommanded) = (.pending, true)
            return [.found(founding)]
        }
        guard let name = holdings.name else {
            self.isCommanded = beginning != .stored
            switch beginning {
            case .stored: return []
            case .initialize(let founding):
                self.phase = .pending
                return [.found(founding)]
            case .join(let joining):
                (self.phase, self.isJoining) = (.pending, true)
                return [.enroll(joining)]
            }
        }
        if case .initialize = beginning, name.role == .worker {
            return [.end(Refusals.workersDirectory)]
        }
        self.name = name
        if holdings.isLocked {
            self.phase = .locked
            return [.tellLocked]
        }
        // A crash may have come between the certificate of a worker and the end of the manager's log.
        return (name.role == .worker ? [.wipeLog] : []) + self.activate()
    }

    /// Starts what the node's role asks for.
    private mutating func activate() -> [Action] {
        self.phase = .active
        var actions: [Action] = []
        if !self.hasAgent {
            self.hasAgent = true
            actions.append(.startAgent)
        }
        if self.role == .manager, self.manager == .absent {
            self.manager = .running
            self.wasRemoved = false
            actions.append(.startManager)
        }
        return actions
    }
}

// MARK: - What operators ask for

extension NodeLife {
    private mutating func answer(_ request: Request, _ ticket: Ticket) -> [Action] {
        if case .leave(let force) = request, let actions = self.abandon(force: force, ticket) {
            return actions
        }
        guard !self.isLeaving, self.asker == nil else { return [.answer(ticket, .refused(Refusals.busy))] }
        switch (request, self.phase) {
        case (.initialize(let founding), .inactive):
            (self.phase, self.asker, self.isCommanded) = (.pending, ticket, false)
            return [.found(founding)]
        case (.join(let joining), .inactive):
            (self.phase, self.asker, self.isCommanded) = (.pending, ticket, false)
            self.isJoining = true
            return [.enroll(joining)]
        case (.initialize, .locked), (.join, .locked): return [.answer(ticket, .refused(Refusals.locked))]
        case (.initialize, .pending), (.join, .pending), (.leave, .pending):
            return [.answer(ticket, .refused(Refusals.busy))]
        case (.initialize, .active), (.join, .active), (.initialize, .failed), (.join, .failed):
            return [.answer(ticket, .refused(Refusals.member))]
        case (.leave, .inactive), (.unlock, .inactive): return [.answer(ticket, .refused(Refusals.outside))]
        case (.leave(let force), .locked), (.leave(let force), .active), (.leave(let force), .failed):
            return self.leave(force: force, ticket)
        case (.unlock(let key), .locked):
            self.asker = ticket
            return [.open(key)]
        case (.unlock, .active), (.unlock, .pending), (.unlock, .failed):
            return [.answer(ticket, .refused(Refusals.notLocked))]
        }
    }

    /// Gives up what is under way for the one who wants the node to leave; nil where there is nothing to give up.
    private mutating func abandon(force: Bool, _ ticket: Ticket) -> [Action]? {
        guard !self.isLeaving, !self.leavesAsWorker, self.abandoner == nil else { return nil }
        if self.phase == .pending, self.isJoining {
            self.abandoner = ticket
            return [.abandon]
        }
        // The managers' group has not taken it in yet.
        guard self.phase == .active, self.role == .manager, let asker = self.asker else { return nil }
        guard force else { return [.answer(ticket, .refused(Refusals.startingLeave))] }
        self.asker = ticket
        return [.answer(asker, .refused(Refusals.abandoned))] + self.dissolve()
    }

    private mutating func leave(force: Bool, _ ticket: Ticket) -> [Action] {
        if self.phase == .locked, !force { return [.answer(ticket, .refused(Refusals.lockedLeave))] }
        // The others can't let go whom they have not taken in.
        if self.isEntering, !force { return [.answer(ticket, .refused(Refusals.startingLeave))] }
        self.asker = ticket
        guard force || self.role == .worker else {
            self.leavesAsWorker = true
            return [.demote]
        }
        return self.dissolve()
    }

    private mutating func dissolve() -> [Action] {
        self.isLeaving = true
        return [.dissolve]
    }

    private mutating func forget() -> [Action] {
        let asker = self.asker
        self = NodeLife()
        return asker.map { [.answer($0, .done)] } ?? []
    }

    /// Answers whoever waits.
    private mutating func reply(_ answer: Answer) -> [Action] {
        guard let asker = self.asker, !self.isLeaving, !self.leavesAsWorker else { return [] }
        self.asker = nil
        return [.answer(asker, answer)]
    }
}

// MARK: - What becomes of it

extension NodeLife {
    private mutating func become(_ name: NodeName) -> [Action] {
        guard !self.isLeaving else { return [] }
        let wasLocked = self.phase == .locked
        self.isJoining = false
        self.name = name
        if let abandoner = self.abandoner {
            // The certificate came first, and nothing was done with it yet.
            let answers = self.reply(.refused(Refusals.abandoned))
            (self.asker, self.abandoner) = (abandoner, nil)
            return answers + self.dissolve()
        }
        if name.role == .worker, self.leavesAsWorker { return self.dissolve() }
        if name.role == .worker, self.manager == .running {
            self.phase = .active
            self.manager = .stopping
            return [.stopManager]
        }
        // A member that the group let go never comes back as the same one.
        let isOver = self.manager == .absent && (name.role == .worker || self.wasRemoved)
        let isNew = self.manager == .absent && name.role == .manager && !wasLocked
        let actions = (isOver ? [.wipeLog] : []) + self.activate()
        if isNew { self.isEntering = true }
        // Whoever asked for a manager hears when its part is ready.
        return actions + (name.role == .worker || wasLocked ? self.reply(.done) : [])
    }

    private mutating func enter() -> [Action] {
        self.isEntering = false
        return []
    }

    private mutating func fail(_ reason: String) -> [Action] {
        self.isJoining = false
        if let abandoner = self.abandoner {
            (self.phase, self.abandoner, self.isCommanded) = (.inactive, nil, false)
            return self.reply(.refused(Refusals.abandoned)) + [.answer(abandoner, .done)]
        }
        if self.isCommanded { return [.end(reason)] }
        self.phase = .inactive
        return self.reply(.refused(reason))
    }

    private mutating func managerEnded(_ end: ManagerEnd) -> [Action] {
        let wasStopping = self.manager == .stopping
        (self.manager, self.isEntering) = (.absent, false)
        if self.isEnding { return [.end(nil)] }
        switch end {
        case .failed(let reason) where !wasStopping: return self.isLeaving ? [] : [.end(reason)]
        // Nothing is removed from the disk for an end that nobody asked for.
        case .asked where !wasStopping: return self.isLeaving ? [] : [.end(Refusals.endedAlone)]
        case .failed, .asked:
            guard !self.isLeaving else { return [] }
            // Its log is of no use any more, also if it was promoted again meanwhile: the group has let it go.
            return [.wipeLog] + (self.role == .manager ? self.activate() : [])
        case .removed:
            guard !self.isLeaving else { return [] }
            if wasStopping { return [.wipeLog] + (self.role == .manager ? self.activate() : []) }
            // The certificate of a worker follows, or the news that the cluster knows the node no more.
            self.wasRemoved = true
            return [.renew]
        }
    }

    private mutating func stay(_ reason: String) -> [Action] {
        guard self.leavesAsWorker, !self.isLeaving else { return [] }
        self.leavesAsWorker = false
        return self.reply(.refused(reason))
    }

    private mutating func lose(_ reason: String) -> [Action] {
        guard self.phase == .active, !self.isLeaving else { return [] }
        // Whoever was to leave as a worker is out already.
        if self.leavesAsWorker { return self.dissolve() }
        self.phase = .failed(reason)
        return self.reply(.refused(reason))
    }

    private mutating func stop() -> [Action] {
        self.isEnding = true
        guard self.manager != .absent else { return [.end(nil)] }
        guard self.manager == .running else { return [] }
        self.manager = .stopping
        return [.stopManager]
    }
}
