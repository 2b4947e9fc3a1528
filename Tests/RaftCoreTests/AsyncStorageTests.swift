import RaftCore
import Testing

@Suite struct AsyncStorageTests {
    private func follower(configure: (inout RaftConfiguration) -> Void = { _ in }) -> RaftNode {
        RaftNode.one(of: 3) {
            $0.asyncStorageWrites = true
            configure(&$0)
        }
    }

    private func work(_ node: inout RaftNode, for thread: RaftID) -> Message? {
        node.ready().messages.first { $0.to == thread }
    }

    /// Writes what a message asks for and delivers the node's own answers; returns the others.
    private func finish(_ message: Message, _ node: inout RaftNode) throws -> [Message] {
        node.persisted(message)
        for response in message.responses where response.to == node.id { try node.step(response) }
        return message.responses.filter { $0.to != node.id }
    }

    private func append(_ entries: [Entry], from leader: RaftID, term: UInt64, commit: UInt64 = 0) -> Message
    {
        Message(.append, to: 1, from: leader, term: term, entries: entries, commit: commit)
    }

    @Test func `an acknowledgement waits for its write`() throws {
        var node = self.follower()
        try node.step(self.append(StableLog.entries([1]), from: 2, term: 1))
        let ready = node.ready()
        #expect(ready.messages.map(\.to) == [.appendThread])
        #expect(ready.messagesAfterPersisting.isEmpty)
        let sent = try self.finish(ready.messages[0], &node)
        #expect(sent.map(\.kind) == [.appendResponse])
        #expect(sent.map(\.to) == [2])
        #expect(node.log.terms == [1])
        #expect(!node.hasReady)
    }

    @Test func `writes can be on their way while more comes`() throws {
        var node = self.follower()
        try node.step(self.append(StableLog.entries([1]), from: 2, term: 1))
        let first = try #require(self.work(&node, for: .appendThread))
        let more = Message(
            .append,
            to: 1,
            from: 2,
            term: 1,
            logTerm: 1,
            index: 1,
            entries: StableLog.entries([1], after: 1)
        )
        try node.step(more)
        let second = try #require(self.work(&node, for: .appendThread))
        #expect(second.entries.map(\.index) == [2])
        _ = try self.finish(first, &node)
        _ = try self.finish(second, &node)
        #expect(node.log.terms == [1, 1])
    }

    @Test func `only what is durable here is applied`() throws {
        var node = self.follower()
        try node.step(self.append(StableLog.entries([1, 1]), from: 2, term: 1, commit: 2))
        let ready = node.ready()
        #expect(ready.committedEntries.isEmpty)
        _ = try self.finish(ready.messages[0], &node)
        let apply = try #require(self.work(&node, for: .applyThread))
        #expect(apply.entries.map(\.index) == [1, 2])
        #expect(node.status.applied == 0)
        for response in apply.responses { try node.step(response) }
        #expect(node.status.applied == 2)
    }

    @Test func `no more is handed out for applying than the limit until some is applied`() throws {
        var node = self.follower { $0.maxCommittedSizePerReady = 1 }
        try node.step(self.append(StableLog.entries([1, 1]), from: 2, term: 1, commit: 2))
        let ready = node.ready()
        _ = try self.finish(ready.messages[0], &node)
        let first = try #require(self.work(&node, for: .applyThread))
        #expect(first.entries.map(\.index) == [1])
        #expect(!node.hasReady)
        for response in first.responses { try node.step(response) }
        #expect(self.work(&node, for: .applyThread)?.entries.map(\.index) == [2])
    }

    /// A write of entries, one of others in their place and one of the first ones again are on their way.
    ///
    /// When the first one is done, the entries look durable, and yet the second one will still replace them.
    @Test func `a write that later ones undo and redo does not count`() throws {
        var node = self.follower()
        let entries = StableLog.entries([1])
        try node.step(self.append(entries, from: 2, term: 1))
        let first = try #require(self.work(&node, for: .appendThread))
        try node.step(self.append(StableLog.entries([2]), from: 3, term: 2))
        let second = try #require(self.work(&node, for: .appendThread))
        try node.step(self.append(entries, from: 2, term: 3))
        let third = try #require(self.work(&node, for: .appendThread))

        _ = try self.finish(first, &node)
        _ = try self.finish(second, &node)
        // On disk is the entry of term 2 now, but the log's is that of term 1.
        #expect(node.log.terms == [2])
        try node.step(Message(.vote, to: 1, from: 3, term: 4, logTerm: 2, index: 1))
        let probe = Message(.append, to: 1, from: 2, term: 5, logTerm: 1, index: 1)
        try node.step(probe)
        let last = try #require(self.work(&node, for: .appendThread))
        _ = try self.finish(third, &node)
        let sent = try self.finish(last, &node)
        #expect(sent.contains { $0.kind == .appendResponse && $0.term == 5 && !$0.reject && $0.index == 1 })
        #expect(node.log.terms == [1])
    }

    @Test func `a snapshot that overtakes entries counts as their being applied`() throws {
        var node = self.follower()
        try node.step(self.append(StableLog.entries([1]), from: 2, term: 1, commit: 1))
        _ = try self.finish(node.ready().messages[0], &node)
        let apply = try #require(self.work(&node, for: .applyThread))
        let snapshot = Snapshot(index: 9, term: 1, configuration: ConfigurationState(voters: [1, 2, 3]))
        try node.step(Message(.snapshot, to: 1, from: 2, term: 1, snapshot: snapshot))
        let restore = try #require(self.work(&node, for: .appendThread))
        _ = try self.finish(restore, &node)
        #expect(node.status.applied == 9)
        for response in apply.responses { try node.step(response) }
        #expect(node.status.applied == 9)
    }
}
