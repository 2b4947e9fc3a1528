import Dispatch
package import RaftCore
import ReplicatedStore
import Synchronization

extension GroupProposer {
    /// Hands leadership to `target` or to the member that is furthest, so that the group does not have to miss this one
    /// first.
    ///
    /// Returns when another member leads, when there is none to hand over to, or after `deadline`; if this one
    /// still leads then, it takes proposals again.
    package func handOver(to target: RaftID? = nil, within deadline: Duration = .milliseconds(500)) async {
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
                guard let heir = target ?? state.member.heir else { return true }
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
            // Nobody comes along any more.
            state.member.stopGathering()
            return state.reads.end()
        }
        for waiter in waiters { waiter.resume(returning: .failure(.closed)) }
        await withCheckedContinuation { continuation in
            self.state.withLock { $0.closers.append(continuation) }
            self.writing.async { @Sendable in self.finish() }
        }
    }

    /// Ends the log once nothing of it is under way on any thread.
    ///
    /// What another thread is about to write or to hand over comes first; that thread calls again when it is done.
    func finish() {
        while true {
            self.pump()
            self.drain()
            switch self.state.withLock({ $0.end() }) {
            case .goOn: continue
            case .later: return
            case .now(let last, let closers):
                if let last { self.end(last) }
                for closer in closers { closer.resume() }
                return
            }
        }
    }

    private func end(_ last: HardState) {
        self.writer.withLock { $0.finish(last) }
        self.outbox.finish()
        self.failing.finish()
    }
}

extension GroupState {
    /// What whoever ends the log does next.
    enum Ending {
        case goOn
        /// Another thread is at it.
        case later
        /// Writes the last record, unless it is written, and answers those who wait for the end.
        case now(HardState?, [CheckedContinuation<Void, Never>])
    }

    /// Whether the log can end now; it has ended when this says so.
    mutating func end() -> Ending {
        if !self.hasFailed {
            if self.isPumping || self.pumpAgain { return self.endLater() }
            if !self.writes.isEmpty { return .goOn }
            if self.member.writesInFlight > 0 { return self.endLater() }
        }
        let last = self.isFinished ? nil : self.member.node.hardState
        self.isFinished = true
        defer { self.closers = [] }
        return .now(last, self.closers)
    }

    private mutating func endLater() -> Ending {
        self.isEndDue = true
        return .later
    }
}
