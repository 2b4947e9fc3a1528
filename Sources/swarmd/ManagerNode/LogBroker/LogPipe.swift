import SwarmAPI
import Synchronization

/// The way of log messages from any number of publishers to one subscriber.
///
/// It holds a bounded number of bytes: a publisher waits while it is full, and with it, through HTTP/2's
/// flow control, the agent.
final class LogPipe: Sendable {
    /// How a pipe came to its end.
    enum Ending: Sendable, Equatable {
        /// Everything was published; with a warning about what is missing.
        case complete(warning: String?)
        /// This manager stopped leading.
        case stopped
    }

    typealias Batch = [SwarmLogMessage]

    private struct State {
        var batches: [Batch] = []
        var bytes = 0
        var ending: Ending?
        var reader: CheckedContinuation<Batch?, Never>?
        var writers: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWriter: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = LogBrokerLimits.bufferedBytes) { self.limit = limit }

    var ending: Ending? { self.state.withLock { $0.ending } }

    /// Hands over a batch, once there is room; returns false if nobody wants it any more.
    func send(_ batch: Batch) async -> Bool {
        let bytes = batch.reduce(0) { $0 + $1.data.count }
        while !Task.isCancelled {
            if let sent = self.trySend(batch, bytes: bytes) { return sent }
            await self.waitForRoom()
        }
        return false
    }

    /// The next batch; nil at the end or when the caller is cancelled.
    func next() async -> Batch? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: Batch?? = self.state.withLock { state in
                    if !state.batches.isEmpty { return Self.take(&state) }
                    if state.ending != nil || Task.isCancelled { return .some(nil) }
                    state.reader = continuation
                    return nil
                }
                if let result { continuation.resume(returning: result) }
                self.wakeWriters()
            }
        } onCancel: {
            self.state.withLock { $0.reader.take() }?.resume(returning: nil)
        }
    }

    /// Ends the pipe after what it holds; only the first end counts.
    func finish(_ ending: Ending) {
        let reader = self.state.withLock { state -> CheckedContinuation<Batch?, Never>? in
            if state.ending == nil { state.ending = ending }
            return state.reader.take()
        }
        reader?.resume(returning: nil)
        self.wakeWriters()
    }

    /// Whether the batch was taken; nil if there is no room.
    private func trySend(_ batch: Batch, bytes: Int) -> Bool? {
        enum Outcome { case ended, full, kept, handed(CheckedContinuation<Batch?, Never>) }
        let outcome = self.state.withLock { state -> Outcome in
            if state.ending != nil { return .ended }
            if let reader = state.reader.take() { return .handed(reader) }
            guard state.bytes < self.limit else { return .full }
            state.batches.append(batch)
            state.bytes += bytes
            return .kept
        }
        switch outcome {
        case .ended: return false
        case .full: return nil
        case .kept: return true
        case .handed(let reader):
            reader.resume(returning: batch)
            return true
        }
    }

    private func waitForRoom() async {
        let id = self.state.withLock { state in
            state.lastWriter += 1
            return state.lastWriter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = self.state.withLock { state in
                    let mustWait = state.bytes >= self.limit && state.ending == nil && !Task.isCancelled
                    if mustWait { state.writers[id] = continuation }
                    return mustWait
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.writers.removeValue(forKey: id) }?.resume()
        }
    }

    private func wakeWriters() {
        let writers = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard state.bytes < self.limit || state.ending != nil else { return [] }
            defer { state.writers = [:] }
            return state.writers.sorted { $0.key < $1.key }.map(\.value)
        }
        for writer in writers { writer.resume() }
    }

    private static func take(_ state: inout State) -> Batch {
        let batch = state.batches.removeFirst()
        state.bytes -= batch.reduce(0) { $0 + $1.data.count }
        return batch
    }
}
