import ReplicatedStore
import Replication
import Synchronization
import Testing

/// What becomes of proposals that are under way when the log is closed.
struct ClosingTests {
    private let scratch: ScratchDirectory

    init() throws { self.scratch = try ScratchDirectory() }

    @Test func `proposals that still wait for company are committed by the close`() async throws {
        let turns = HeldTurns()
        let proposer = try await GroupProposer.open(self.scratch.raft, turns: turns)
        for number in 0..<8 { _ = try proposer.put([UInt8(number)]) }
        // Eight came at once, so from now on as many are waited for.
        turns.take()
        for number in 8..<11 { _ = try proposer.put([UInt8(number)]) }
        let entries = await proposer.closedEvents().entries
        #expect(entries.map(\.data) == (0..<11).map { [UInt8($0)] })
        let stored = try await GroupProposer.open(self.scratch.raft).closedEvents().entries
        #expect(stored.map(\.data) == entries.map(\.data))
    }

    @Test func `whatever was taken before the close is handed over, whoever was at it`() async throws {
        for _ in 0..<20 {
            let directory = try ScratchDirectory()
            let proposer = try await GroupProposer.open(directory.raft)
            let taken = await withTaskGroup(of: [UInt64].self) { group in
                for writer in 0..<2 as Range<UInt8> {
                    group.addTask {
                        var taken: [UInt64] = []
                        while taken.count < 500, let index = try? proposer.put([writer]) {
                            taken.append(index)
                            await Task.yield()
                        }
                        return taken
                    }
                }
                while proposer.status.commitIndex < 10 { await Task.yield() }
                await proposer.close()
                return await group.reduce([], +)
            }
            let entries = await proposer.closedEvents().entries
            #expect(entries.map(\.index) == taken.sorted())
        }
    }

    @Test func `closing twice is closing once`() async throws {
        let proposer = try await GroupProposer.open(self.scratch.raft)
        _ = try proposer.put([1])
        async let first: Void = proposer.close()
        async let second: Void = proposer.close()
        _ = await (first, second)
        #expect(await proposer.closedEvents().entries.map(\.data) == [[1]])
    }
}

/// Keeps what is for afterwards until it is taken, and lets no time pass.
private final class HeldTurns: Turns {
    private let held = Mutex<[@Sendable () -> Void]>([])

    func afterwards(_ work: @escaping @Sendable () -> Void) { self.held.withLock { $0.append(work) } }

    func after(_ pause: Duration, _ work: @escaping @Sendable () -> Void) {}

    /// Does what is held.
    func take() {
        let works = self.held.withLock { held in
            defer { held = [] }
            return held
        }
        for work in works { work() }
    }
}
