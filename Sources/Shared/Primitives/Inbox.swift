import Synchronization

/// A bounded queue between one or more writers and one reader that takes all that is there at once.
///
/// Unlike a stream it lets the reader wait with a deadline, and one wake-up serves any number of
/// elements. An inbox that overflows finishes: its reader starts again from the whole state.
package final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var finished = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let limit: Int

    /// At most `limit` elements wait.
    package init(limit: Int) { self.limit = limit }

    /// Adds `element`; returns false when the inbox is finished, also by this element not fitting.
    @discardableResult
    package func put(_ element: Element) -> Bool {
        let (accepted, waiter) = self.state.withLock { state in
            guard !state.finished else { return (false, nil as CheckedContinuation<Void, Never>?) }
            if state.elements.count < self.limit {
                state.elements.append(element)
            } else {
                state.finished = true
            }
            return (!state.finished, state.waiter.take())
        }
        waiter?.resume()
        return accepted
    }

    /// Adds `elements`, as many as fit; returns false when the inbox is finished, also by one not fitting.
    @discardableResult
    package func put(_ elements: some Collection<Element>) -> Bool {
        let (accepted, waiter) = self.state.withLock { state in
            guard !state.finished else { return (false, nil as CheckedContinuation<Void, Never>?) }
            let room = self.limit - state.elements.count
            state.elements.append(contentsOf: elements.prefix(room))
            state.finished = elements.count > room
            return (!state.finished, state.waiter.take())
        }
        waiter?.resume()
        return accepted
    }

    /// Lets the reader take what is there, and then nil.
    package func finish() {
        let waiter = self.state.withLock { state in
            state.finished = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Takes all elements, waiting for the first one until `deadline`; empty when the deadline passed
    /// first, nil when the inbox is finished or the caller was cancelled.
    package func take(until deadline: Timestamp?, clock: any WallClock) async -> [Element]? {
        if let ready = self.ready() { return ready.isEmpty ? nil : ready }
        if let deadline {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.wait() }
                group.addTask { try? await clock.sleep(until: deadline) }
                await group.next()
                group.cancelAll()
            }
        } else {
            await self.wait()
        }
        if let ready = self.ready() { return ready.isEmpty ? nil : ready }
        return Task.isCancelled ? nil : []
    }

    /// Takes all elements, waiting for the first one; nil when the inbox is finished or the caller was
    /// cancelled.
    package func take() async -> [Element]? {
        while true {
            if let ready = self.ready() { return ready.isEmpty ? nil : ready }
            guard !Task.isCancelled else { return nil }
            await self.wait()
        }
    }

    /// What is there: nil while nothing is, empty once the inbox is finished and drained.
    private func ready() -> [Element]? {
        self.state.withLock { state in
            // Not emptied in place: that would be a copy of the room for all that ever waited.
            defer { state.elements = [] }
            return state.elements.isEmpty && !state.finished ? nil : state.elements
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = self.state.withLock { state in
                    if !state.elements.isEmpty || state.finished || Task.isCancelled { return true }
                    precondition(state.waiter == nil, "an inbox has one reader")
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiter.take() }?.resume()
        }
    }
}
