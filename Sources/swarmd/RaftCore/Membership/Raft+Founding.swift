extension Raft {
    /// Founds a group in term 1 with a committed entry for each member.
    ///
    /// The members are in force at once, so that the founder can stand for election before it applies them.
    mutating func found(_ founders: [(id: RaftID, context: [UInt8])]) {
        self.becomeFollower(term: 1, leader: .none)
        var entries: [Entry] = []
        for founder in founders {
            let change = ConfigurationChange(v1: .addVoter, founder.id, context: founder.context)
            let index = UInt64(entries.count) + 1
            entries.append(Entry(term: 1, index: index, payload: .configuration(change)))
        }
        self.log.append(entries)
        do {
            try self.log.commit(to: UInt64(entries.count))
            for founder in founders {
                _ = try self.apply(ConfigurationChange(v1: .addVoter, founder.id))
            }
        } catch {
            preconditionFailure("a group of \(founders.map(\.id)) can't be founded: \(error)")
        }
    }
}
