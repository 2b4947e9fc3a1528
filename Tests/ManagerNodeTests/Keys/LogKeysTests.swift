import Credentials
import Foundation
import Replication
import SwarmAPI
import Testing
import Trust

@testable import ManagerNode

@Suite struct LogKeysTests {
    private let bench: KeyBench

    init() throws { self.bench = try KeyBench() }

    /// A log as an older swarmd left it, with its key beside it.
    private func makeOlderLog() throws {
        var storage = try LogStorage(directory: self.bench.raft)
        try storage.log.append([.entry(LogEntry(term: 1, index: 1, data: [1, 2, 3]))])
    }

    private var dataKeyFile: DataKeyFile { DataKeyFile(directory: self.bench.raft) }

    @Test func `a new log gets a key of the key file`() throws {
        let ring = try LogKeys.ring(self.bench.keys, directory: self.bench.raft)
        #expect(ring.current.bytes == self.bench.keys.content?.dataKeys?.current)
        #expect(!ring.hasOlder)
        #expect(try self.dataKeyFile.load() == nil)
    }

    @Test func `an older directory's key is taken over, and its file removed`() throws {
        try self.makeOlderLog()
        let key = try #require(try self.dataKeyFile.load())
        let ring = try LogKeys.ring(self.bench.keys, directory: self.bench.raft)
        #expect(ring.current.bytes == key.bytes)
        #expect(try self.dataKeyFile.load() == nil)
        let storage = try LogStorage(directory: self.bench.raft, keys: ring)
        #expect(storage.contents.entries.map(\.data) == [[1, 2, 3]])
    }

    @Test func `a crash before the file was removed is made up for`() throws {
        try self.makeOlderLog()
        let key = try #require(try self.dataKeyFile.load())
        _ = try self.bench.keys.establishDataKeys(found: key.bytes)
        _ = try LogKeys.ring(self.bench.keys, directory: self.bench.raft)
        #expect(try self.dataKeyFile.load() == nil)
    }

    @Test func `two keys that differ are refused`() throws {
        try self.makeOlderLog()
        _ = try self.bench.keys.establishDataKeys()
        #expect(throws: LogError.wrongKey(path: self.dataKeyFile.path)) {
            try LogKeys.ring(self.bench.keys, directory: self.bench.raft)
        }
        #expect(try self.dataKeyFile.load() != nil)
    }

    @Test func `a log without any key is refused`() throws {
        try self.makeOlderLog()
        try self.dataKeyFile.remove()
        #expect(throws: LogError.missingKey(path: self.dataKeyFile.path)) {
            try LogKeys.ring(self.bench.keys, directory: self.bench.raft)
        }
    }

    @Test func `a rotation under way gives both keys`() throws {
        _ = try self.bench.keys.establishDataKeys()
        let keys = try #require(try self.bench.keys.beginRotation())
        let ring = try LogKeys.ring(self.bench.keys, directory: self.bench.raft)
        #expect(ring.current.bytes == keys.pending)
        #expect(ring.hasOlder)
    }
}
