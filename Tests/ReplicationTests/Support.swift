import Foundation
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

extension SoloProposer {
    static func open(
        _ directory: String,
        fileSystem: any FileSystem = PosixFileSystem(),
        limits: LogLimits = .small,
        solo: SoloLimits = SoloLimits()
    ) throws -> SoloProposer {
        let storage = try LogStorage(directory: directory, fileSystem: fileSystem, limits: limits)
        return try SoloProposer(storage: storage, member: .with { $0.raftID = 7 }, limits: solo)
    }

    /// Everything that happened, after `close`.
    func closedEvents() async -> [LogEvent] {
        await self.close()
        var events: [LogEvent] = []
        for await event in self.events { events.append(event) }
        return events
    }
}

extension [LogEvent] {
    /// The committed entries with data.
    var entries: [CommittedEntry] {
        var entries: [CommittedEntry] = []
        for case .committed(let batch) in self { entries += batch.filter { !$0.data.isEmpty } }
        return entries
    }
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
