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
}
