import RaftCore
import ReplicatedStore
import Replication
import SwarmAPI
import SwiftProtobuf

/// Three members whose messages and writes arrive at once.
struct Trio {
    private var members: [Member]
    /// What the store of the first member was told.
    private(set) var news: [String] = []
    /// Which messages do not arrive.
    var isLost: (RaftCore.Message) -> Bool = { _ in false }

    /// Hears of every message that is sent.
    var onMessage: (RaftCore.Message) -> Void = { _ in }

    /// A new group in which `leader` is elected.
    init(leader: RaftID) {
        let ids: [RaftID] = [1, 2, 3]
        let list = SwarmClusterSnapshot.with { snapshot in
            snapshot.members = ids.map { id in .with { $0.raftID = id.rawValue } }
        }
        let base = Snapshot(index: 1, term: 1, configuration: ConfigurationState(voters: ids))
        let log = StableLog(hardState: HardState(term: 1, commit: 1), snapshot: base)
        self.members = ids.map {
            Member(id: $0, log: log, membership: MemberList(list), limits: GroupLimits(), seed: 1)
        }
        self.members[Self.place(leader)].campaign()
        self.settle()
    }

    subscript(id: RaftID) -> Member { self.members[Self.place(id)] }

    private static func place(_ id: RaftID) -> Int { Int(id.rawValue) - 1 }

    /// Does something to a member.
    mutating func change(_ id: RaftID = 1, _ body: (inout Member) throws -> Void) rethrows {
        try body(&self.members[Self.place(id)])
        self.settle()
    }

    /// Proposes to the first member, in its term.
    mutating func propose(_ data: [UInt8]) throws(ProposalError) -> UInt64 {
        let index = try self.members[0].propose(data, term: self.members[0].node.term)
        self.settle()
        return index
    }

    /// Lets a tick pass for the first member; the others' patience is endless.
    mutating func tick() { self.change { $0.tick() } }

    /// Delivers and writes until nothing is left to do.
    private mutating func settle() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for place in self.members.indices {
                let work = self.members[place].takeWork()
                if place == 0 { self.news += work.events.flatMap(Self.text) }
                isQuiet = isQuiet && work.messages.isEmpty && work.writes.isEmpty
                self.members[place].written(work.writes)
                for message in work.messages { self.onMessage(message) }
                for message in work.messages where !self.isLost(message) {
                    self.members[Self.place(message.to)].step(message)
                }
            }
        }
    }

    private static func text(_ event: LogEvent) -> [String] {
        switch event {
        case .committed(let entries): entries.flatMap { $0.data.map { "\($0)" } }
        case .becameLeader(let term, _): ["leads \(term)"]
        case .pausedLeading: ["pauses"]
        case .resumedLeading(let term): ["leads on \(term)"]
        case .lostLeadership: ["ends"]
        case .restored, .membership: []
        }
    }
}
