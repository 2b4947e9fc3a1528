import Crypto
package import SwarmAPI
import SwiftProtobuf

/// Reads a stored snapshot part by part, without room for the whole.
package struct SnapshotReader: Sendable {
    package let term: UInt64
    package let index: UInt64
    /// Who votes and who learns at `index`; empty in files of format 1, which groups of one wrote.
    package private(set) var configuration = RaftConfState()

    private let file: any LogFile
    private let key: SymmetricKey
    /// Where the next frame begins, and where the last one ends.
    private var offset = UInt64(SnapshotHead.size)
    private let end: UInt64
    private var number: UInt64 = 0
    /// What was read with the configuration.
    private var first: [UInt8]?

    /// Begins to read the snapshot in `file`.
    init(_ file: any LogFile, keys: DataKeyRing) throws(LogError) {
        let head = try SnapshotHead(file.read(at: 0, count: SnapshotHead.size), path: file.path)
        guard let key = keys.key(head.fingerprint) else { throw .wrongKey(path: file.path) }
        self.file = file
        self.key = key.fileKey(header: head.bound)
        self.term = head.term
        self.index = head.index
        let size = try file.size()
        guard head.bodyBytes == size - min(size, self.offset) else {
            throw .corrupt(path: file.path, offset: self.offset, reason: "the body has another length")
        }
        self.end = size
        let text = head.version < 3 ? try self.readBox(head) : try self.readFrame()
        try self.split(text, version: head.version)
    }

    /// The next bytes of the state; nil after the last ones.
    ///
    /// A damaged file is refused, at the latest with its last part.
    package mutating func next() throws(LogError) -> [UInt8]? {
        if let first = self.first {
            self.first = nil
            return first
        }
        return self.offset < self.end ? try self.readFrame() : nil
    }

    /// Reads the one box of the formats 1 and 2.
    private mutating func readBox(_ head: SnapshotHead) throws(LogError) -> [UInt8] {
        let body = try self.file.read(at: self.offset, count: Int(head.bodyBytes))
        guard CRC32C.of(body) == head.bodyChecksum else {
            throw self.damage("the body's checksum does not match")
        }
        guard let box = try? AES.GCM.SealedBox(combined: body),
            let text = try? AES.GCM.open(box, using: self.key)
        else { throw self.damage("the body is not what was written") }
        self.offset = self.end
        return Array(text)
    }

    private mutating func readFrame() throws(LogError) -> [UInt8] {
        let prefix = try self.file.read(at: self.offset, count: SnapshotFrames.prefixBytes)
        guard prefix.count == SnapshotFrames.prefixBytes else { throw self.damage("a frame is cut off") }
        let size = UInt64(prefix.number(at: 0, as: UInt32.self))
        let start = self.offset + UInt64(prefix.count)
        guard size <= SnapshotFrames.largestBox, size <= self.end - start else {
            throw self.damage("a frame has an impossible length")
        }
        let box = try self.file.read(at: start, count: Int(size))
        let isLast = start + size == self.end
        guard let text = SnapshotFrames.open(box, number: self.number, isLast: isLast, key: self.key) else {
            throw self.damage("a frame is not what was written")
        }
        self.offset = start + size
        self.number += 1
        return text
    }

    /// Takes the configuration off the beginning of the body.
    private mutating func split(_ text: [UInt8], version: UInt32) throws(LogError) {
        guard version > 1 else {
            self.first = text
            return
        }
        let start = 4
        let count = text.count < start ? .max : Int(text.number(at: 0, as: UInt32.self))
        guard count <= text.count - start,
            let configuration = try? RaftConfState(serializedBytes: Array(text[start..<start + count]))
        else { throw self.damage("the configuration is unreadable") }
        self.configuration = configuration
        self.first = Array(text[(start + count)...])
    }

    private func damage(_ reason: String) -> LogError {
        .corrupt(path: self.file.path, offset: self.offset, reason: reason)
    }
}
