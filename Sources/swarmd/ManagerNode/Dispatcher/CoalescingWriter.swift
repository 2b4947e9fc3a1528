import GRPCCore
import Synchronization

/// Turns the single writes of many callers into few transactions.
///
/// A write is taken at once when a transaction is free to carry it, so that a lone one does not wait; those
/// that come while all are under way share the next (SwarmKit waits 100 ms for company instead).
final class CoalescingWriter<Item: Sendable>: Sendable {
    private struct Entry {
        let items: [Item]
        /// Who waits for the commit; nil for nobody.
        let ticket: UInt64?
    }

    private struct Ticket {
        var remaining: Int
        var failure: (any Error)?
        let waiter: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var queue: [Entry] = []
        var waiting = 0
        var tickets: [UInt64: Ticket] = [:]
        var lastTicket: UInt64 = 0
        var isOpen = false
        /// Workers without work.
        var idle: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWorker: UInt64 = 0
    }

    private let inFlight: Int
    private let commit: @Sendable ([Item]) async throws -> Void
    private let state = Mutex(State())

    /// At most `inFlight` calls of `commit` are under way, each with at most
    /// `DispatcherLimits.changesPerTransaction` items.
    init(inFlight: Int, commit: @escaping @Sendable ([Item]) async throws -> Void) {
        self.inFlight = inFlight
        self.commit = commit
    }

    /// Accepts writes from now on, for `run` to carry out.
    func open() { self.state.withLock { $0.isOpen = true } }

    /// Works until it is cancelled; then every write that still waits fails, and none is accepted.
    func run() async {
        defer { self.close() }
        await withTaskGroup { group in
            for _ in 0..<self.inFlight { group.addTask { await self.work() } }
        }
    }

    /// Writes the items; returns when they are committed.
    func submit(_ items: [Item]) async throws {
        guard !items.isEmpty else { return }
        try await withCheckedThrowingContinuation { waiter in
            let refusal = self.state.withLock { state -> RPCError? in
                guard state.isOpen else { return Self.stopped }
                guard state.waiting + items.count <= DispatcherLimits.waitingChanges else {
                    return RPCError(code: .unavailable, message: "too many changes wait: try again")
                }
                state.lastTicket += 1
                let count = Self.append(items, ticket: state.lastTicket, to: &state)
                state.tickets[state.lastTicket] = Ticket(remaining: count, waiter: waiter)
                return nil
            }
            if let refusal { waiter.resume(throwing: refusal) } else { self.wake() }
        }
    }

    /// Writes the items some time soon; nobody hears how it went.
    func enqueue(_ items: [Item]) {
        guard !items.isEmpty else { return }
        self.state.withLock { state in
            if state.isOpen { _ = Self.append(items, ticket: nil, to: &state) }
        }
        self.wake()
    }

    private static func append(_ items: [Item], ticket: UInt64?, to state: inout State) -> Int {
        let starts = stride(from: 0, to: items.count, by: DispatcherLimits.changesPerTransaction)
        for start in starts {
            let end = min(start + DispatcherLimits.changesPerTransaction, items.count)
            state.queue.append(Entry(items: Array(items[start..<end]), ticket: ticket))
        }
        state.waiting += items.count
        return starts.underestimatedCount
    }

    private func wake() {
        let worker = self.state.withLock { state in
            state.idle.keys.min().flatMap { state.idle.removeValue(forKey: $0) }
        }
        worker?.resume()
    }

    private func work() async {
        while !Task.isCancelled {
            let batch = self.takeBatch()
            guard !batch.isEmpty else {
                await self.waitForWork()
                continue
            }
            do {
                try await self.commit(batch.flatMap(\.items))
                self.settle(batch, failure: nil)
            } catch is CancellationError {
                self.settle(batch, failure: Self.stopped)
            } catch {
                self.settle(batch, failure: error)
            }
        }
    }

    /// The oldest entries that fit into one transaction.
    private func takeBatch() -> [Entry] {
        self.state.withLock { state in
            var items = 0
            let count = state.queue.prefix { entry in
                items += entry.items.count
                return items <= DispatcherLimits.changesPerTransaction
            }.count
            let batch = Array(state.queue.prefix(count))
            state.queue.removeFirst(count)
            state.waiting -= batch.reduce(0) { $0 + $1.items.count }
            return batch
        }
    }

    private func waitForWork() async {
        let id = self.state.withLock { state in
            state.lastWorker += 1
            return state.lastWorker
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = self.state.withLock { state in
                    let mustWait = state.queue.isEmpty && !Task.isCancelled
                    if mustWait { state.idle[id] = continuation }
                    return mustWait
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.idle.removeValue(forKey: id) }?.resume()
        }
    }

    private func settle(_ batch: [Entry], failure: (any Error)?) {
        let done = self.state.withLock { state in
            batch.compactMap { entry -> Ticket? in
                guard let id = entry.ticket, var ticket = state.tickets[id] else { return nil }
                ticket.remaining -= 1
                ticket.failure = ticket.failure ?? failure
                state.tickets[id] = ticket.remaining > 0 ? ticket : nil
                return ticket.remaining > 0 ? nil : ticket
            }
        }
        for ticket in done { ticket.waiter.resume(with: ticket.failure.map { .failure($0) } ?? .success(())) }
    }

    private func close() {
        let left = self.state.withLock { state in
            defer { state = State(lastTicket: state.lastTicket, lastWorker: state.lastWorker) }
            return state.tickets.values.map(\.waiter)
        }
        for waiter in left { waiter.resume(throwing: Self.stopped) }
    }

    private static var stopped: RPCError { RPCError(code: .aborted, message: "dispatcher is stopped") }
}
