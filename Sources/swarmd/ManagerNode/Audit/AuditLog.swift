package import Foundation
package import Logging
import LinuxSystem
package import Primitives
package import SwarmAPI
import SwiftProtobuf
import Synchronization

/// The record of what was changed through this manager: hash-chained, append-only, on this machine's disk.
///
/// A record is in the kernel's hands when `begin` returns, which is before what it tells of is done: neither a crash
/// of this program nor one of what it calls loses it. A tenth of a second later at most it would survive a loss of
/// power too. Where a record cannot be written the caller must not go on (docs/decisions/0010-audit-comes-first.md).
package final class AuditLog: Sendable {
    /// Why a record was not taken.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    private struct State {
        var tail: AuditTail?
        /// Why nothing is taken any more.
        var failure: String?
        /// Whether the kernel, and the disk, will be asked to take what there is.
        var (isWriteDue, isSyncDue) = (false, false)
        var followers: [UInt64: AsyncStream<Void>.Continuation] = [:]
        var nextFollower: UInt64 = 0
    }

    /// Says to a loop that there is something to do.
    private struct Wake {
        let stream: AsyncStream<Void>
        let continuation: AsyncStream<Void>.Continuation

        init() {
            (self.stream, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        }
    }

    let files: AuditFiles
    let limits: AuditLimits
    private let now: @Sendable () -> Timestamp
    private let log: Logger
    private let state: Mutex<State>
    private let writes = Wake()
    private let syncs = Wake()

    /// Goes on with the records in `directory`, which is made if need be.
    ///
    /// A last record that was torn by a crash is cut off, and an altered file is left alone; the log and the next record
    /// tell of either. Where the directory cannot be used, the manager still runs, and each `begin` says why it fails.
    package convenience init(
        directory: String,
        limits: AuditLimits = AuditLimits(),
        now: @escaping @Sendable () -> Timestamp,
        log: Logger
    ) {
        self.init(AuditFiles(directory: directory), limits: limits, now: now, log: log)
    }

    /// Goes on with the records in `files`.
    init(
        _ files: AuditFiles,
        limits: AuditLimits,
        now: @escaping @Sendable () -> Timestamp,
        log: Logger
    ) {
        self.files = files
        self.limits = limits
        self.now = now
        self.log = log
        var state = State()
        do {
            try Files.makeDirectories(files.directory)
            var recovery = AuditRecovery(files, limits, now: now, log: log)
            state.tail = try recovery.tail()
        } catch {
            state.failure = "the records in \(files.directory) can't be used: \(error)"
            log.critical(
                "audit: the record of changes can't be kept: no change is taken on the local socket",
                metadata: ["directory": "\(files.directory)", "error": "\(error)"]
            )
        }
        self.state = Mutex(state)
    }

    /// Brings records to the disk until it is cancelled; afterwards nothing is taken any more.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            // Records that come meanwhile share the write, and the sync.
            group.addTask {
                for await _ in self.writes.stream {
                    try? await Task.sleep(for: self.limits.writeWithin)
                    self.write()
                }
            }
            group.addTask {
                for await _ in self.syncs.stream {
                    try? await Task.sleep(for: self.limits.syncWithin)
                    await self.synchronize()
                }
            }
        }
        await self.synchronize()
        self.end("this manager is shutting down")
    }

    /// Writes the record of a change that is about to be made; returns its number.
    ///
    /// It gets the next number, the present moment and its place in the chain.
    package func begin(_ record: SwarmdAuditRecord) throws(Failure) -> UInt64 {
        let result = self.state.withLock { state in
            defer { for follower in state.followers.values { follower.yield() } }
            return self.take(record, into: &state) { record, tail in
                try tail.append(record, self.files, self.limits)
            }
        }
        do { return try result.get() } catch {
            self.log.error("a change could not be recorded", metadata: ["error": "\(error)"])
            throw error
        }
    }

    /// Takes the record of how a change ended, which is written with the next one, or when the disk gets it.
    ///
    /// Where it is lost, the change's beginning is in the record all the same.
    package func end(_ record: SwarmdAuditRecord) {
        _ = self.state.withLock { state in
            if !state.isWriteDue {
                state.isWriteDue = true
                self.writes.continuation.yield()
            }
            return self.take(record, into: &state) { record, tail in
                try tail.postpone(record, self.files, self.limits)
            }
        }
    }

    private func take(
        _ record: SwarmdAuditRecord,
        into state: inout State,
        by body: (SwarmdAuditRecord, inout AuditTail) throws -> Void
    ) -> Result<UInt64, Failure> {
        if let failure = state.failure { return .failure(Failure(description: failure)) }
        // Taken out, so that what waits in it is not copied.
        guard var tail = state.tail.take() else { return .failure(Failure(description: "not open")) }
        defer { state.tail = tail }
        var record = record
        record.at = self.now().protobuf
        do { try body(record, &tail) } catch {
            if error is AuditTail.Ruined { state.failure = "\(error)" }
            return .failure(Failure(description: "\(error)"))
        }
        if !state.isSyncDue {
            state.isSyncDue = true
            self.syncs.continuation.yield()
        }
        return .success(tail.sequence)
    }

    /// Writes what waits, so that a reader finds it.
    func write() {
        self.state.withLock { state in
            state.isWriteDue = false
            guard state.failure == nil else { return }
            do { try state.tail?.write(self.files.disk) } catch {
                // What could be taken back waits for the next time.
                if error is AuditTail.Ruined { state.failure = "\(error)" }
                return
            }
            for follower in state.followers.values { follower.yield() }
        }
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
        // First, so that whatever comes from here on asks for a sync of its own.
        self.state.withLock { $0.isSyncDue = false }
        self.write()
        // Files before this one were synced when they were left.
        let file = self.state.withLock { $0.failure == nil ? $0.tail?.file : nil }
        guard let file else { return }
        do {
            try await BlockingWork.run { [disk = self.files.disk] in try disk.synchronize(file.descriptor) }
        } catch {
            // What a failed sync lost is not known, and a second one may succeed without it.
            self.log.critical(
                "audit: the record of changes can't be synced: no change is taken on the local socket",
                metadata: ["error": "\(error)"]
            )
            self.end("the record of changes can't be synced: \(error)")
        }
    }

    private func end(_ reason: String) {
        let followers = self.state.withLock { state in
            if state.failure == nil {
                // What came while the disk was asked; where it can't be had, its changes show as unknown.
                try? state.tail?.write(self.files.disk)
                state.failure = reason
            }
            return Array(state.followers.values)
        }
        for follower in followers { follower.finish() }
    }
}
