import GroupSimulation
@testable import Replication
import SwarmAPI
import Testing

/// A rotation of the data key on a disk whose process dies at every one of its operations.
@Suite struct DataKeyCrashTests {
    private static let directory = "\(SimulatedDisk.root)/raft"

    /// What the node's key file says, which is written before and after the log is touched.
    private struct Header {
        var current: DataKey
        var pending: DataKey?

        var ring: DataKeyRing {
            self.pending.map { DataKeyRing($0, older: [self.current]) } ?? DataKeyRing(self.current)
        }
    }

    private func open(_ header: Header, on disk: SimulatedDisk) throws(LogError) -> LogStorage {
        var limits = LogLimits()
        limits.segmentBytes = 4_096
        return try LogStorage(directory: Self.directory, keys: header.ring, fileSystem: disk, limits: limits)
    }

    private func entry(_ index: UInt64) -> LogRecord {
        .entry(LogEntry(term: 1, index: index, data: [UInt8](repeating: UInt8(index), count: 600)))
    }

    /// Goes on with the rotation from wherever it stands.
    private func rotate(_ header: inout Header, _ last: inout UInt64, on disk: SimulatedDisk) throws {
        var storage = try self.open(header, on: disk)
        let covered = storage.snapshot?.index ?? 0
        #expect(max(storage.contents.lastIndex, covered) >= last)
        for record in storage.contents.entries {
            #expect(record.data == [UInt8](repeating: UInt8(record.index), count: 600))
        }
        last = max(storage.contents.lastIndex, covered)
        try storage.log.rekey()
        try storage.log.append([self.entry(last + 1)])
        last += 1
        let state = [UInt8](repeating: UInt8(last), count: 3_000)
        try storage.snapshots.store(StoredSnapshot(term: 1, index: last, bytes: state))
        try storage.log.removeOlderKeys(through: last)
        #expect(try !storage.hasOlderKeys())
    }

    @Test(arguments: [false, true], 0..<12 as Range<UInt64>)
    func `it ends, and loses nothing, wherever the process dies`(losingPower: Bool, seed: UInt64) throws {
        let (old, new) = (DataKey(), DataKey())
        var operation = 0
        var hasEnded = false
        while !hasEnded {
            let disk = SimulatedDisk(Chance(seed: seed, concern: "disk \(operation)"))
            var header = Header(current: old, pending: nil)
            var last: UInt64 = 20
            do {
                var storage = try self.open(header, on: disk)
                try storage.log.append((1...last).map(self.entry))
                try disk.syncDirectory(SimulatedDisk.root)
            }
            disk.restart(losingPower: false)
            header.pending = new
            disk.faults.operationsToCrash = operation
            do {
                try self.rotate(&header, &last, on: disk)
                hasEnded = true
            } catch {
                guard disk.hasCrashed else { throw error }
                disk.restart(losingPower: losingPower)
                try self.rotate(&header, &last, on: disk)
            }
            disk.restart(losingPower: losingPower)
            let alone = try self.open(Header(current: new, pending: nil), on: disk)
            #expect(max(alone.contents.lastIndex, alone.snapshot?.index ?? 0) >= last)
            operation += 1
        }
        #expect(operation > 20)
    }
}
