import ReplicatedStore
import StoreCore
import Synchronization

/// A log whose commits the test decides on.
final class HeldProposer: Proposer {
    private struct State {
        var next: UInt64
        var held: [CommittedEntry] = []
        var readIndex: UInt64 = 0
        var snapshots: [UInt64: [UInt8]] = [:]
        var refusal: ProposalError?
        var digests: [(index: UInt64, digest: StateDigest)] = []
    }

    let events: AsyncStream<LogEvent>
    private let continuation: AsyncStream<LogEvent>.Continuation
    private let state: Mutex<State>

    init(next: UInt64 = 3) {
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100_000))
        self.state = Mutex(State(next: next))
    }

    func propose(_ data: [UInt8], term: UInt64) throws(ProposalError) -> UInt64 {
        let result: Result<UInt64, ProposalError> = self.state.withLock { state in
            if let refusal = state.refusal { return .failure(refusal) }
            defer { state.next += 1 }
            state.held.append(CommittedEntry(index: state.next, data: data))
            return .success(state.next)
        }
        return try result.get()
    }

    func readIndex() async throws(ProposalError) -> UInt64 {
        if let refusal = self.state.withLock({ $0.refusal }) { throw refusal }
        return self.state.withLock { $0.readIndex }
    }

    /// What the next reads get.
    func setReadIndex(_ index: UInt64) { self.state.withLock { $0.readIndex = index } }

    var status: LogStatus {
        LogStatus(term: 1, commitIndex: 0, firstIndex: 1, snapshotIndex: 0, bytesOnDisk: 0)
    }

    func compact(upTo index: UInt64, snapshot: some Sequence<[UInt8]> & Sendable) async throws {
        self.state.withLock { $0.snapshots[index] = snapshot.flatMap(\.self) }
    }

    func share(_ digest: StateDigest, at index: UInt64) {
        self.state.withLock { $0.digests.append((index, digest)) }
    }

    /// What the store said that it amounts to.
    var digests: [(index: UInt64, digest: StateDigest)] { self.state.withLock { $0.digests } }

    var snapshots: [UInt64: [UInt8]] { self.state.withLock { $0.snapshots } }

    var held: [CommittedEntry] { self.state.withLock { $0.held } }

    func refuse(_ error: ProposalError?) { self.state.withLock { $0.refusal = error } }

    func send(_ event: LogEvent) { self.continuation.yield(event) }

    func lead(term: UInt64 = 1) {
        self.send(.becameLeader(term: term, next: self.state.withLock { $0.next }))
    }

    /// Commits what is held, and returns how many entries that was.
    @discardableResult
    func commit() -> Int {
        let entries = self.state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        if !entries.isEmpty { self.send(.committed(entries)) }
        return entries.count
    }

    func finish() { self.continuation.finish() }
}

/// Returns when `condition` holds; gives up after half a minute of yielding.
func eventually(_ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        // To yield alone would keep others that wait from what they wait for.
        try? await ContinuousClock().sleep(for: .milliseconds(1))
    }
    return await condition()
}
