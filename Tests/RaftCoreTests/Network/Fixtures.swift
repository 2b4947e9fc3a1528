import RaftCore

extension StableLog {
    /// The log of a voter among `voters`, whose entries have these terms and no payload.
    static func of(
        terms: [UInt64],
        voters: Int = 3,
        state: HardState = HardState()
    ) -> StableLog {
        let ids = (1...UInt64(voters)).map(RaftID.init(rawValue:))
        return StableLog(
            hardState: state,
            snapshot: Snapshot(configuration: ConfigurationState(voters: ids)),
            entries: Self.entries(terms)
        )
    }

    /// Entries from index 1 on with these terms.
    static func entries(_ terms: [UInt64], after index: UInt64 = 0) -> [Entry] {
        terms.enumerated().map { Entry(term: $1, index: index + UInt64($0) + 1) }
    }

    /// The terms of the entries.
    var terms: [UInt64] { self.entries(from: self.firstIndex, to: self.lastIndex + 1).map(\.term) }
}

extension RaftNode {
    /// Member 1 of a group of `voters`.
    static func one(
        of voters: Int,
        terms: [UInt64] = [],
        state: HardState = HardState(),
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) -> RaftNode {
        var configuration = RaftConfiguration(id: 1)
        configure(&configuration)
        return RaftNode(configuration, log: .of(terms: terms, voters: voters, state: state))
    }

    /// Does what there is to do and returns what is to be sent.
    mutating func work() -> [Message] {
        var messages: [Message] = []
        while self.hasReady {
            let ready = self.ready()
            self.persisted(ready)
            for case .configuration(let change) in ready.committedEntries.map(\.payload) {
                _ = try? self.apply(change)
            }
            messages += ready.messages + ready.messagesAfterPersisting
            self.advance()
        }
        return messages
    }

    /// Takes a message and returns what is to be sent then.
    mutating func answers(to message: Message) throws(RaftError) -> [Message] {
        try self.step(message)
        return self.work()
    }

    /// Wins an election with the votes of 2 and 3; returns what is to be sent then.
    mutating func win() throws(RaftError) -> [Message] {
        self.campaign()
        _ = self.work()
        for voter in [2, 3] as [RaftID] where self.role != .leader {
            try self.step(Message(.voteResponse, to: 1, from: voter, term: self.term))
        }
        return self.work()
    }

    /// Takes acknowledgements of everything from these members; returns what is to be sent then.
    mutating func acknowledge(from ids: RaftID...) throws(RaftError) -> [Message] {
        for id in ids {
            try self.step(Message(.appendResponse, to: 1, from: id, term: self.term, index: self.lastIndex))
        }
        return self.work()
    }
}
