package import Foundation
package import Logging
import LinuxSystem
package import Primitives
package import SwarmAPI
import SwiftProtobuf
import Synchronization

/// The record of what was changed through this manager: hash-chained, append-only, on this machine's disk.
///
/// A record is in the kernel's hands when `append` returns, which is before what it tells of is done: neither a crash
/// of this program nor one of what it calls loses it. `durable` waits until it would survive a loss of power too;
/// waiters share one sync. Where a record cannot be written the caller must not go on
/// (docs/decisions/0010-audit-comes-first.md).
package final class AuditLog: Sendable {
    /// Why a record was not taken.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    private struct State {
        var tail: AuditTail?
        /// Why nothing is taken any more.
        var failure: String?
        /// Up to which record everything is on the disk.
        var synced: UInt64 = 0
        var isRunning = false
        var waiters: [(sequence: UInt64, waiter: CheckedContinuation<Void, Never>)] = []
        var followers: [UInt64: AsyncStream<Void>.Continuation] = [:]
        var nextFollower: UInt64 = 0
    }

    let files: AuditFiles
    let limits: AuditLimits
    private let now: @Sendable () -> Timestamp
    private let log: Logger
    private let state: Mutex<State>
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Goes on with the records in `directory`, which is made if need be.
    ///
    /// A last record that was torn by a crash is cut off, which the log tells. Where the directory cannot be used, the
    /// manager still runs, and each `append` says why it fails.
    package init(
        directory: String,
        limits: AuditLimits = AuditLimits(),
        now: @escaping @Sendable () -> Timestamp,
        log: Logger
    ) {
        self.files = AuditFiles(directory: directory)
        self.limits = limits
        self.now = now
        self.log = log
        (self.wakes, self.wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        var state = State()
        do {
            try Files.makeDirectories(directory)
            let tail = try AuditTail.open(self.files, limits, log)
            state.synced = tail.sequence
            state.tail = tail
        } catch {
            state.failure = "the records in \(directory) can't be used: \(error)"
            log.critical(
                "the record of changes can't be kept: no change is taken on the local socket",
                metadata: ["directory": "\(directory)", "error": "\(error)"]
            )
        }
        self.state = Mutex(state)
    }

    /// Brings records to the disk until it is cancelled; afterwards nothing is taken any more.
    package func run() async {
        self.state.withLock { $0.isRunning = true }
        for await _ in self.wakes { await self.synchronize() }
        self.end("this manager is shutting down")
    }

    /// Writes `record` with the next number, the present moment and its place in the chain; returns the number.
    package func append(_ record: SwarmdAuditRecord) throws(Failure) -> UInt64 {
        let result: Result<UInt64, Failure> = self.state.withLock { state in
            if let failure = state.failure { return .failure(Failure(description: failure)) }
            guard var tail = state.tail else { return .failure(Failure(description: "not open")) }
            var record = record
            record.at = self.now().protobuf
            do {
                try tail.append(record, self.files, self.limits)
                state.tail = tail
            } catch let error as AuditTail.Ruined {
                state.failure = "\(error)"
                return .failure(Failure(description: "\(error)"))
            } catch {
                return .failure(Failure(description: "\(error)"))
            }
            for follower in state.followers.values { follower.yield() }
            return .success(tail.sequence)
        }
        self.wake.yield()
        do { return try result.get() } catch {
            self.log.error("a change could not be recorded", metadata: ["error": "\(error)"])
            throw error
        }
    }

    /// Waits until the record `sequence` is on the disk.
    package func durable(_ sequence: UInt64) async throws(Failure) {
        await withCheckedContinuation { waiter in
            let isOver = self.state.withLock { state in
                guard state.synced < sequence, state.failure == nil else { return true }
                state.waiters.append((sequence, waiter))
                return false
            }
            if isOver { waiter.resume() }
        }
        let (synced, failure) = self.state.withLock { ($0.synced, $0.failure) }
        if synced < sequence { throw Failure(description: failure ?? "not synced") }
    }

    /// The number and the hash of the newest record; zero and nothing before the first.
    package var newest: (sequence: UInt64, hash: Data) {
        self.state.withLock { ($0.tail?.sequence ?? 0, $0.tail?.hash ?? Data()) }
    }

    /// Tells of new records, until the stream is let go; nil where too many listen already.
    func follow() -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id: UInt64? = self.state.withLock { state in
            guard state.followers.count < self.limits.followers else { return nil }
            state.nextFollower += 1
            state.followers[state.nextFollower] = continuation
            return state.nextFollower
        }
        guard let id else { return nil }
        continuation.onTermination = { _ in
            self.state.withLock { state in _ = state.followers.removeValue(forKey: id) }
        }
        continuation.yield()
        return stream
    }

    private func synchronize() async {
        let (file, target) = self.state.withLock { state in
            (state.synced < state.tail?.sequence ?? 0 ? state.tail?.file : nil, state.tail?.sequence ?? 0)
        }
        guard let file else { return }
        do {
            try await BlockingWork.run { try file.descriptor.synchronize() }
        } catch {
            // What a failed sync lost is not known, and a second one may succeed without it.
            self.log.critical(
                "the record of changes can't be synced: no change is taken on the local socket",
                metadata: ["error": "\(error)"]
            )
            return self.end("the record of changes can't be synced: \(error)")
        }
        let waiters = self.state.withLock { state in
            // Files before this one were synced when they were left.
            state.synced = max(state.synced, target)
            let over = state.waiters.filter { $0.sequence <= state.synced }
            state.waiters.removeAll { $0.sequence <= state.synced }
            return over
        }
        for waiter in waiters { waiter.waiter.resume() }
    }

    private func end(_ reason: String) {
        let (waiters, followers) = self.state.withLock { state in
            state.failure = state.failure ?? reason
            defer { state.waiters = [] }
            return (state.waiters, Array(state.followers.values))
        }
        for waiter in waiters { waiter.waiter.resume() }
        for follower in followers { follower.finish() }
    }
}
