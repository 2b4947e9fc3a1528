import RaftCore

/// Members that talk to each other at once, in one order, over links that a test may cut.
struct Network {
    /// A member, its driver and what it has told.
    struct Member {
        var node: RaftNode
        /// Every entry that was handed out for applying.
        var applied: [Entry] = []
        var reads: [ReadState] = []
        /// What the driver applied last; a snapshot counts as applied.
        var appliedIndex: UInt64 = 0
    }

    private(set) var ids: [RaftID] = []
    private var members: [Member] = []
    private var cutLinks: [(from: RaftID, to: RaftID)] = []
    /// Kinds of messages that get lost.
    var lost: [Message.Kind] = []
    /// Messages that a member sent and that were not delivered yet.
    private(set) var onTheirWay: [Message] = []
    /// Every message that was sent, delivered or not.
    private(set) var sent: [Message] = []
    /// How many bytes of a message's entries are proposed; a stop for endless talk.
    private let limit = 100_000

    /// A group of `count` voters with empty logs.
    init(_ count: Int, learners: [RaftID] = [], configure: (inout RaftConfiguration) -> Void = { _ in }) {
        let voters = (1...UInt64(count)).map(RaftID.init(rawValue:))
        let group = ConfigurationState(voters: voters, learners: learners)
        for id in voters + learners {
            self.add(id, log: StableLog(snapshot: Snapshot(configuration: group)), configure: configure)
        }
    }

    /// A group of voters with these logs.
    init(logs: [StableLog], configure: (inout RaftConfiguration) -> Void = { _ in }) {
        for (place, log) in logs.enumerated() {
            self.add(RaftID(rawValue: UInt64(place) + 1), log: log, configure: configure)
        }
    }

    /// Adds a member, or starts one anew.
    mutating func add(
        _ id: RaftID,
        log: StableLog,
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) {
        var configuration = RaftConfiguration(id: id, seed: 7)
        configure(&configuration)
        let member = Member(
            node: RaftNode(configuration, log: log),
            appliedIndex: max(configuration.applied, log.base.index)
        )
        if let place = self.ids.firstIndex(of: id) {
            self.members[place] = member
        } else {
            self.ids.append(id)
            self.members.append(member)
        }
    }

    subscript(id: RaftID) -> Member {
        get { self.members[self.place(id)] }
        set { self.members[self.place(id)] = newValue }
    }

    private func place(_ id: RaftID) -> Int {
        guard let place = self.ids.firstIndex(of: id) else { preconditionFailure("no member \(id)") }
        return place
    }

    /// Who leads, in each member's own opinion.
    var leaders: [RaftID] { self.ids.filter { self[$0].node.role == .leader } }

    // MARK: Links

    /// Loses everything between `id` and the others.
    mutating func isolate(_ id: RaftID) {
        for other in self.ids where other != id { self.cut(id, other) }
    }

    /// Loses everything between two members.
    mutating func cut(_ one: RaftID, _ other: RaftID) { self.cutLinks += [(one, other), (other, one)] }

    /// Makes every link work again, and nothing be lost.
    mutating func heal() {
        self.cutLinks = []
        self.lost = []
    }

    private func isLost(_ message: Message) -> Bool {
        self.lost.contains(message.kind) || !self.ids.contains(message.to)
            || self.cutLinks.contains { $0.from == message.from && $0.to == message.to }
    }

    // MARK: Running

    /// Lets a member do everything that it has to do; what it sends is on its way then.
    mutating func work(_ id: RaftID) {
        let place = self.place(id)
        while self.members[place].node.hasReady {
            let ready = self.members[place].node.ready()
            self.members[place].node.persisted(ready)
            self.members[place].reads += ready.readStates
            if let snapshot = ready.snapshot { self.members[place].appliedIndex = snapshot.index }
            for entry in ready.committedEntries {
                self.members[place].applied.append(entry)
                self.members[place].appliedIndex = entry.index
                guard case .configuration(let change) = entry.payload else { continue }
                _ = try? self.members[place].node.apply(change)
            }
            let messages = ready.messages + ready.messagesAfterPersisting
            self.sent += messages
            self.onTheirWay += messages
            self.members[place].node.advance()
        }
    }

    /// Delivers everything, and what that causes, until there is silence.
    mutating func settle() {
        for id in self.ids { self.work(id) }
        for _ in 0..<self.limit {
            guard !self.onTheirWay.isEmpty else { return }
            let message = self.onTheirWay.removeFirst()
            guard !self.isLost(message) else { continue }
            try? self.members[self.place(message.to)].node.step(message)
            self.work(message.to)
        }
        preconditionFailure("the members do not come to rest")
    }

    /// Gives a member a message that nobody sent, and settles.
    mutating func give(_ message: Message) throws(RaftError) {
        try self.members[self.place(message.to)].node.step(message)
        self.settle()
    }

    /// Takes what a member has to send now; it gets lost.
    mutating func take(_ id: RaftID) -> [Message] {
        self.work(id)
        defer { self.onTheirWay.removeAll { $0.from == id } }
        return self.onTheirWay.filter { $0.from == id }
    }

    /// Lets a member stand for election, and settles.
    mutating func elect(_ id: RaftID) {
        self.members[self.place(id)].node.campaign()
        self.settle()
    }

    /// Lets a member propose, and settles.
    mutating func propose(_ text: String, at id: RaftID) throws(RaftError) {
        try self.members[self.place(id)].node.propose(Array(text.utf8))
        self.settle()
    }

    /// Lets time pass for some members, and settles after every tick.
    mutating func tick(_ count: Int, _ ids: RaftID...) {
        for _ in 0..<count {
            for id in ids.isEmpty ? self.ids : ids { self.members[self.place(id)].node.tick() }
            self.settle()
        }
    }

    /// Makes a member snapshot its state and drop the log behind it.
    mutating func compact(_ id: RaftID) {
        let place = self.place(id)
        let index = self.members[place].appliedIndex
        guard let term = self.members[place].node.log.term(at: index) else { return }
        let group = self.members[place].node.status.configuration
        self.members[place].node.log.record(Snapshot(index: index, term: term, configuration: group))
        self.members[place].node.log.compact(through: index)
    }

    /// The texts that a member has applied.
    func texts(_ id: RaftID) -> [String] {
        self[id].applied.compactMap { entry in
            guard case .normal(let bytes) = entry.payload, !bytes.isEmpty else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
