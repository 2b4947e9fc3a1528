import RaftCore

// How proposals come together before they go to raft.
extension Member {
    /// Whether proposals should go to raft now.
    ///
    /// Those that come while an entry is on its way to its commit gather until it is there, and until they are
    /// as many as `Gathering` expects: under load, many of them share one write, one sync, and one message to
    /// each member. How long they gather at most is the shell's to say, by `stopGathering`.
    package var shouldFlush: Bool {
        self.isOverdue || self.pendingBytes >= self.limits.flushBytes
            || (self.isSettledInLog && self.pending.count >= self.gathering.target)
    }

    /// Whether more proposals can be expected while others are written.
    package var expectsProposals: Bool { self.node.role == .leader && self.gathering.target > 1 }

    /// How many proposals gather.
    package var gathered: Int { self.pending.count }

    /// Whether proposals wait for others that are not committed yet.
    package var isGathering: Bool { !self.pending.isEmpty && !self.shouldFlush }

    /// Lets what has gathered go to raft.
    package mutating func stopGathering() { self.isOverdue = !self.pending.isEmpty }

    /// Gives what was proposed to raft.
    mutating func flush() {
        guard !self.pending.isEmpty else { return }
        self.gathering.left(self.pending.count, isOverdue: self.isOverdue)
        self.isOverdue = false
        let batch = self.pending
        self.pending.removeAll(keepingCapacity: true)
        self.pendingBytes = 0
        // A refusal means that leadership is gone, or is about to be: this member was removed.
        do throws(RaftError) { try self.node.propose(batch: batch) } catch { self.endLeading() }
    }

    /// How far the group has committed, where a member is yet to be told; nil if none is.
    package var unsaidCommit: UInt64? { self.notices.map(\.commit).max() }

    /// Tells the other members how far the group has committed, without waiting for entries to go along with.
    package mutating func sendNotices() {
        self.work.messages += self.notices
        self.notices = []
    }

    /// Sends a message, or keeps it for a moment.
    ///
    /// A commit is told with the entries after it: alone it would double the messages of a busy group. A network
    /// may delay a message as well; how long it waits at most is the shell's to say, by `sendNotices`.
    mutating func send(_ message: Message) {
        guard message.kind == .append || message.kind == .snapshot else {
            return self.work.messages.append(message)
        }
        // Whatever it says of the commit, this one says too.
        self.notices.removeAll { $0.to == message.to }
        if message.kind == .append, message.entries.isEmpty, message.index == self.node.lastIndex {
            self.notices.append(message)
        } else {
            self.work.messages.append(message)
        }
    }
}
