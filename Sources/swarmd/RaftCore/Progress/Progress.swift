/// How far a leader knows a member's log to be, and how it sends to it.
package struct Progress: Sendable, Equatable {
    /// How entries are sent.
    package enum State: Sendable, Equatable {
        /// One message at a time, until it is known where the logs agree.
        case probe
        /// As fast as the window allows.
        case replicate
        /// Not at all, until a snapshot up to `pending` has arrived.
        case snapshot(pending: UInt64)
    }

    /// Up to where the member's log is known to be ours.
    package private(set) var match: UInt64 = 0
    /// The next entry to send; always after `match`.
    package private(set) var next: UInt64
    /// How entries are sent.
    package private(set) var state: State = .probe
    /// Whether the member was heard of since the last check of the quorum.
    package internal(set) var isRecentlyActive = false
    /// Whether it was heard of between the check before and the last one, and not lost since.
    private var wasActive = false
    /// Whether the member has no vote.
    package internal(set) var isLearner: Bool
    /// What is on its way.
    package private(set) var inflights: InflightWindow
    /// Whether nothing is sent until a heartbeat is answered.
    package internal(set) var isFlowPaused = false
    /// The highest commit index that was sent.
    private var sentCommit: UInt64 = 0

    /// A member of whom nothing is known but where to begin.
    package init(next: UInt64, isLearner: Bool = false, inflights: InflightWindow) {
        self.next = next
        self.isLearner = isLearner
        self.inflights = inflights
    }

    /// Whether no entries may be sent.
    package var isPaused: Bool {
        switch self.state {
        case .probe, .replicate: self.isFlowPaused
        case .snapshot: true
        }
    }

    /// Whether messages may carry entries: a full window lets only empty ones through.
    var acceptsEntries: Bool { self.state != .replicate || !self.inflights.isFull }

    /// Whether telling `commit` could move the member's commit index.
    func wantsCommit(_ commit: UInt64) -> Bool {
        commit > self.sentCommit && self.sentCommit < self.next - 1
    }

    /// Whether the member answers, as far as is known: just after a check nobody was heard of since it.
    package var answers: Bool { self.isRecentlyActive || self.wasActive }

    /// Begins the time up to the next check of the quorum.
    mutating func quorumChecked() { (self.wasActive, self.isRecentlyActive) = (self.isRecentlyActive, false) }

    /// Notes that the member could not be reached; what it said since the last check still counts for the quorum.
    mutating func lost() { self.wasActive = false }

    // MARK: States

    /// Feels for the place where the logs agree.
    ///
    /// A pending snapshot is believed to have arrived; see `snapshotFailed`.
    package mutating func becomeProbe() {
        if case .snapshot(let pending) = self.state {
            self.enter(.probe)
            self.next = max(self.match, pending) + 1
        } else {
            self.enter(.probe)
            self.next = self.match + 1
        }
        self.sentCommit = min(self.sentCommit, self.next - 1)
    }

    /// Sends as fast as the window allows.
    package mutating func becomeReplicate() {
        self.enter(.replicate)
        self.next = self.match + 1
    }

    /// Waits for a snapshot up to `index`.
    package mutating func becomeSnapshot(_ index: UInt64) {
        self.enter(.snapshot(pending: index))
        self.next = index + 1
        self.sentCommit = index
    }

    /// Feels for the place where the logs agree, because the snapshot did not arrive.
    package mutating func snapshotFailed() {
        self.enter(.probe)
        self.becomeProbe()
    }

    private mutating func enter(_ state: State) {
        self.state = state
        self.isFlowPaused = false
        self.inflights.reset()
    }

    // MARK: Sending

    /// Notes a message with `count` entries of `bytes` bytes.
    package mutating func sent(entries count: Int, bytes: UInt64) {
        switch self.state {
        case .probe:
            if count > 0 { self.isFlowPaused = true }
        case .replicate:
            if count > 0 {
                self.next += UInt64(count)
                self.inflights.add(self.next - 1, bytes: bytes)
            }
            self.isFlowPaused = self.inflights.isFull
        case .snapshot(let pending):
            preconditionFailure("\(count) entries sent to a member that waits for snapshot \(pending)")
        }
    }

    /// Notes a message with a commit index.
    mutating func sent(commit: UInt64) { self.sentCommit = commit }

    // MARK: Answers

    /// Notes that the member holds the log up to `index`; returns whether that is news.
    package mutating func acknowledge(_ index: UInt64) -> Bool {
        guard index > self.match else { return false }
        self.match = index
        self.next = max(self.next, index + 1)
        self.isFlowPaused = false
        return true
    }

    /// Notes how far the own log reaches.
    mutating func acknowledgeOwn(_ index: UInt64) { self.match = index }

    /// Frees the window up to `index`.
    mutating func freeInflights(through index: UInt64) { self.inflights.free(through: index) }

    /// Notes that the member refused entries after `rejected` and that the logs may agree at `hint`.
    ///
    /// Returns false, and changes nothing, for a refusal that later answers have overtaken.
    package mutating func reject(_ rejected: UInt64, hint: UInt64) -> Bool {
        if self.state == .replicate {
            guard rejected > self.match else { return false }
            self.next = self.match + 1
        } else {
            // One message at a time is sent, so the answer must be to the last one.
            guard self.next - 1 == rejected else { return false }
            self.next = max(min(rejected, hint + 1), self.match + 1)
            self.isFlowPaused = false
        }
        self.sentCommit = min(self.sentCommit, self.next - 1)
        return true
    }
}
