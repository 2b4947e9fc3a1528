import Dispatch
import RaftCore
import ReplicatedStore
import Synchronization

extension GroupProposer {
    /// Hands leadership to the member that is furthest, so that the group does not have to miss this one first.
    ///
    /// Returns when another member leads, when there is none to hand over to, or after `deadline`; if this one
    /// still leads then, it takes proposals again.
    package func handOver(within deadline: Duration = .milliseconds(500)) async {
        let end = ContinuousClock.now + deadline
        self.state.withLock { $0.member.resign() }
        self.pump()
        defer {
            self.state.withLock { $0.member.stay() }
            self.pump()
        }
        while ContinuousClock.now < end, !Task.isCancelled {
            let done = self.state.withLock { state in
                guard state.member.node.role == .leader else { return true }
                guard let heir = state.member.heir else { return true }
                // What was proposed is committed first, so that no writer is left in doubt.
                if state.member.isSettled, state.member.node.leadTransferee == .none {
                    state.member.transferLeadership(to: heir)
                }
                return false
            }
            self.pump()
            if done { return }
            try? await ContinuousClock().sleep(for: .milliseconds(2))
        }
    }

    /// Writes what was proposed, marks the log as whole, and ends `events`.
    package func close() async {
        let waiters = self.state.withLock { state in
            state.isOpen = false
            return state.reads.end()
        }
        for waiter in waiters { waiter.resume(returning: .failure(.closed)) }
        await withCheckedContinuation { continuation in
            self.writing.async { @Sendable in
                self.finish()
                continuation.resume()
            }
        }
    }

    private func finish() {
        self.pump()
        self.drain()
        let state: HardState? = self.state.withLock { state in
            guard !state.isFinished else { return nil }
            state.isFinished = true
            return state.member.node.hardState
        }
        guard let state else { return }
        self.writer.withLock { $0.finish(state) }
        self.outbox.finish()
        self.failing.finish()
    }
}
