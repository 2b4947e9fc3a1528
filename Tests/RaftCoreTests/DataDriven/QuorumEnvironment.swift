import RaftCore

/// Runs the commands `committed` and `vote`.
struct QuorumEnvironment {
    struct BadInput: Error { var text: String }

    private let test: DataDrivenCase
    private let voters: [RaftID]
    private let outgoing: [RaftID]
    private let isJoint: Bool
    /// What each voter says, in the order in which the file names the voters.
    private var answers: [(id: RaftID, text: String)] = []

    init(_ test: DataDrivenCase) throws {
        self.test = test
        self.voters = Self.ids(test.values("cfg"))
        self.outgoing = Self.ids(test.values("cfgj"))
        self.isJoint = test.arguments.contains { $0.key == "cfgj" }
        let texts = test.values(test.command == "vote" ? "votes" : "idx")
        for id in self.voters + self.outgoing where !self.answers.contains(where: { $0.id == id }) {
            guard self.answers.count < texts.count else { throw BadInput(text: "too few answers") }
            self.answers.append((id, texts[self.answers.count]))
        }
        guard self.answers.count == texts.count else { throw BadInput(text: "too many answers") }
    }

    func run() throws -> [String] {
        switch self.test.command {
        case "committed": self.committed()
        case "vote": self.vote()
        default: throw BadInput(text: self.test.command)
        }
    }

    private static func ids(_ texts: [String]) -> [RaftID] {
        texts.compactMap(UInt64.init).map(RaftID.init(rawValue:))
    }

    private var quorum: JointMajority {
        JointMajority(incoming: RaftIDSet(self.voters), outgoing: RaftIDSet(self.outgoing))
    }

    private var mirrored: JointMajority {
        JointMajority(incoming: RaftIDSet(self.outgoing), outgoing: RaftIDSet(self.voters))
    }

    private func committed() -> [String] {
        let answer = self.quorum.committedIndex(acknowledged: self.index(of:))
        guard !self.quorum.voters.isEmpty else { return ["<empty majority quorum>\(Self.text(answer))"] }
        var lines = self.table()
        if self.isJoint {
            let other = self.mirrored.committedIndex(acknowledged: self.index(of:))
            if other != answer { lines.append("\(Self.text(other)) <-- via symmetry") }
        } else {
            let twice = JointMajority(incoming: RaftIDSet(self.voters), outgoing: RaftIDSet(self.voters))
            let other = twice.committedIndex(acknowledged: self.index(of:))
            if other != answer { lines.append("\(Self.text(other)) <-- via self-joint quorum") }
            lines += self.lowered(answer)
        }
        return lines + [Self.text(answer)]
    }

    /// Whoever is behind the committed index may as well be further behind.
    private func lowered(_ answer: UInt64) -> [String] {
        var lines: [String] = []
        for id in self.voters {
            guard let own = self.index(of: id), own < answer else { continue }
            for lower in [own - 1, 0] {
                let other = self.quorum.committedIndex { $0 == id ? lower : self.index(of: $0) }
                if other != answer { lines.append("\(Self.text(other)) <-- overlaying \(id)->\(lower)") }
            }
        }
        return lines
    }

    private func vote() -> [String] {
        let answer = self.quorum.outcome(vote: self.vote(of:))
        let other = self.mirrored.outcome(vote: self.vote(of:))
        return (other == answer ? [] : ["\(Self.text(other)) <-- via symmetry"]) + [Self.text(answer)]
    }

    private func text(of id: RaftID) -> String? { self.answers.first { $0.id == id }?.text }

    private func index(of id: RaftID) -> UInt64? { self.text(of: id).flatMap(UInt64.init) }

    private func vote(of id: RaftID) -> Bool? {
        switch self.text(of: id) {
        case "y": true
        case "n": false
        default: nil
        }
    }

    private static func text(_ index: UInt64) -> String { index == .max ? "∞" : String(index) }

    private static func text(_ outcome: VoteOutcome) -> String {
        switch outcome {
        case .pending: "VotePending"
        case .lost: "VoteLost"
        case .won: "VoteWon"
        }
    }

    /// A line for each voter with a bar whose length is its rank.
    private func table() -> [String] {
        let ids = self.quorum.voters.elements
        let blank = String(repeating: " ", count: ids.count)
        let lines = ids.map { id in
            let index = self.index(of: id)
            let rank = ids.count { (self.index(of: $0) ?? 0) < index ?? 0 }
            let bar = String(repeating: "x", count: rank) + ">"
            let head = index == nil ? "?" + blank : bar + String(repeating: " ", count: ids.count - rank)
            let number = String(index ?? 0)
            let pad = String(repeating: " ", count: max(0, 5 - number.count))
            return "\(head) \(pad)\(number)    (id=\(String(id.rawValue, radix: 16)))"
        }
        return [blank + "    idx"] + lines
    }
}
