/// The reads of one term of a leader that wait for proof that it still leads.
///
/// Reads are numbered as they arrive. A heartbeat carries the number of the newest one, so that its answers
/// confirm every read up to there at once, and the tick of its sending, from which leases are counted.
/// Followers send the bytes back as they are.
struct ReadQueue: Sendable {
    /// A request and where it came from.
    struct Request: Sendable {
        /// The member that asked; `.none` for this one's driver.
        var from: RaftID
        var context: [UInt8]
        var index: UInt64 = 0
    }

    private struct Acknowledgement: Sendable {
        var peer: RaftID
        var number: UInt64
        /// One more than the tick, so that 0 is never.
        var tick: UInt64
    }

    /// What came before the term's first entry was committed.
    private var postponed: [Request] = []
    private var unconfirmed: [Request] = []
    private var confirmed: UInt64 = 0
    private var acknowledgements: [Acknowledgement] = []

    /// The number of reads that wait.
    var count: Int { self.postponed.count + self.unconfirmed.count }

    /// The number of the newest read that waits for confirmation; nil if none does.
    private var newest: UInt64? {
        self.unconfirmed.isEmpty ? nil : self.confirmed + UInt64(self.unconfirmed.count)
    }

    /// Keeps a read until the term's first entry is committed.
    mutating func postpone(_ request: Request) { self.postponed.append(request) }

    /// Takes the reads that were postponed.
    mutating func takePostponed() -> [Request] {
        defer { self.postponed = [] }
        return self.postponed
    }

    /// Adds a read at a commit index.
    mutating func add(_ request: Request, index: UInt64) {
        var request = request
        request.index = index
        self.unconfirmed.append(request)
    }

    /// What a heartbeat carries at `tick`; nothing if neither a read nor a lease waits for its answer.
    func heartbeatContext(tick: UInt64, wantsLease: Bool) -> [UInt8] {
        guard self.newest != nil || wantsLease else { return [] }
        return Self.bytes(self.newest ?? 0) + Self.bytes(tick + 1)
    }

    /// Notes the answer to a heartbeat; bytes that are not ours are ignored.
    mutating func acknowledge(_ context: [UInt8], from peer: RaftID) {
        guard context.count == 16 else { return }
        let number = min(Self.number(context[..<8]), self.newest ?? 0)
        self.acknowledge(peer, number: number, tick: Self.number(context[8...]))
    }

    /// Notes that the leader itself knows of everything up to now.
    mutating func acknowledgeOwn(_ id: RaftID, tick: UInt64) {
        self.acknowledge(id, number: self.newest ?? 0, tick: tick + 1)
    }

    private mutating func acknowledge(_ peer: RaftID, number: UInt64, tick: UInt64) {
        let place = self.acknowledgements.firstIndex { $0.peer == peer }
        guard let place else {
            self.acknowledgements.append(Acknowledgement(peer: peer, number: number, tick: tick))
            return
        }
        self.acknowledgements[place].number = max(self.acknowledgements[place].number, number)
        self.acknowledgements[place].tick = max(self.acknowledgements[place].tick, tick)
    }

    /// Takes the reads that a quorum has confirmed.
    mutating func takeConfirmed(by voters: JointMajority) -> [Request] {
        let confirmed = voters.committedIndex { id in
            self.acknowledgements.first { $0.peer == id }?.number
        }
        guard confirmed > self.confirmed, confirmed != .max else { return [] }
        let count = min(Int(confirmed - self.confirmed), self.unconfirmed.count)
        defer { self.unconfirmed.removeSubrange(..<count) }
        self.confirmed += UInt64(count)
        return Array(self.unconfirmed[..<count])
    }

    /// The tick at which a heartbeat was sent that a quorum has answered, or a later one; nil before the
    /// first.
    func confirmedTick(by voters: JointMajority) -> UInt64? {
        let tick = voters.committedIndex { id in self.acknowledgements.first { $0.peer == id }?.tick }
        return tick == 0 || tick == .max ? nil : tick - 1
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
