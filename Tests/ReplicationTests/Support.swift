import Foundation
import Primitives
import ReplicatedStore
import Replication
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Testing

/// A directory that is gone when the test is over.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.path + "/swarmd-log-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    /// Where the log goes.
    var raft: String { self.path + "/raft" }

    /// The segment files, oldest first.
    var segments: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.raft + "/log")) ?? []
        return names.sorted().map { self.raft + "/log/" + $0 }
    }
}

func readFile(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

func writeFile(_ path: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

let testKey = DataKey(bytes: Array(0..<32))

extension LogLimits {
    /// Small segments, so that a test sees many.
    static var small: LogLimits {
        var limits = LogLimits()
        limits.segmentBytes = 16 << 10
        return limits
    }
}

extension GroupProposer {
    /// A group of one; it leads when this returns.
    static func open(
        _ directory: String,
        fileSystem: any FileSystem = PosixFileSystem(),
        log: LogLimits = .small,
        group: GroupLimits = GroupLimits(),
        turns: any Turns = QueueTurns()
    ) async throws -> GroupProposer {
        let storage = try LogStorage(directory: directory, fileSystem: fileSystem, limits: log)
        let proposer = try GroupProposer(
            storage: storage,
            origin: .found(.with { $0.raftID = 7 }),
            limits: group,
            seed: 1,
            now: { Timestamp(seconds: 1) },
            turns: turns
        )
        while !proposer.isLeader { await Task.yield() }
        return proposer
    }

    /// Proposes in the present term.
    func put(_ data: [UInt8]) throws(ProposalError) -> UInt64 {
        try self.propose(data, term: self.status.term)
    }

    /// Everything that happened, after `close`.
    func closedEvents() async -> [LogEvent] {
        await self.close()
        var events: [LogEvent] = []
        for await event in self.events { events.append(event) }
        return events
    }
}

extension LogEvent {
    var isMembership: Bool { if case .membership = self { true } else { false } }
}

extension [LogEvent] {
    /// The committed entries.
    var committed: [CommittedEntry] {
        var entries: [CommittedEntry] = []
        for case .committed(let batch) in self { entries += batch }
        return entries
    }

    /// The committed entries with data.
    var entries: [CommittedEntry] { self.committed.filter { !$0.data.isEmpty } }
}

/// The real file system, which fails where it is told to.
final class FaultyFileSystem: FileSystem {
    enum Operation: Equatable { case write, sync, allocate, rename, syncDirectory }

    private let real = PosixFileSystem()
    private let failing = Mutex<Operation?>(nil)

    func fail(_ operation: Operation?) { self.failing.withLock { $0 = operation } }

    func check(_ operation: Operation) throws(LogError) {
        guard self.failing.withLock({ $0 == operation }) else { return }
        throw .io(operation: "\(operation)", path: "injected", code: 5)
    }

    func createDirectory(_ path: String) throws(LogError) { try self.real.createDirectory(path) }
    func names(in directory: String) throws(LogError) -> [String] { try self.real.names(in: directory) }
    func open(_ path: String, create: Bool) throws(LogError) -> any LogFile {
        FaultyFile(file: try self.real.open(path, create: create), fileSystem: self)
    }
    func lock(_ path: String) throws(LogError) -> any LogFile { try self.real.lock(path) }
    func rename(_ path: String, to target: String) throws(LogError) {
        try self.check(.rename)
        try self.real.rename(path, to: target)
    }
    func remove(_ path: String) throws(LogError) { try self.real.remove(path) }
    func syncDirectory(_ path: String) throws(LogError) {
        try self.check(.syncDirectory)
        try self.real.syncDirectory(path)
    }
}

private struct FaultyFile: LogFile {
    let file: any LogFile
    let fileSystem: FaultyFileSystem

    var path: String { self.file.path }
    func size() throws(LogError) -> UInt64 { try self.file.size() }
    func mode() throws(LogError) -> UInt32 { try self.file.mode() }
    func read(at offset: UInt64, count: Int) throws(LogError) -> [UInt8] {
        try self.file.read(at: offset, count: count)
    }
    func write(_ bytes: [UInt8], at offset: UInt64) throws(LogError) {
        try self.fileSystem.check(.write)
        try self.file.write(bytes, at: offset)
    }
    func allocate(_ size: UInt64) throws(LogError) {
        try self.fileSystem.check(.allocate)
        try self.file.allocate(size)
    }
    func truncate(to size: UInt64) throws(LogError) { try self.file.truncate(to: size) }
    func sync() throws(LogError) {
        try self.fileSystem.check(.sync)
        try self.file.sync()
    }
}
