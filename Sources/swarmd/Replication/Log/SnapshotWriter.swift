import Crypto
import SwarmAPI
import SwiftProtobuf

/// Writes a snapshot's file frame by frame.
///
/// What was written goes to the disk every few frames: a sync of all of it at the end would keep the disk from
/// the log's, on which every write of the cluster waits.
struct SnapshotWriter {
    /// Frames between two syncs.
    private static let framesPerSync: UInt64 = 4

    private let file: any LogFile
    private var head: SnapshotHead
    private let key: SymmetricKey
    private var offset = UInt64(SnapshotHead.size)
    private var number: UInt64 = 0
    /// Text that does not fill a frame yet.
    private var text: [UInt8] = []

    init(_ file: any LogFile, _ head: SnapshotHead, key: DataKey) {
        self.file = file
        self.head = head
        self.key = key.fileKey(header: head.bound)
    }

    /// Begins the body.
    mutating func begin(_ configuration: RaftConfState) throws(LogError) {
        guard let bytes: [UInt8] = try? configuration.serializedBytes() else {
            throw .io(operation: "serialize the configuration for", path: self.file.path, code: 0)
        }
        self.text.append(number: UInt32(bytes.count))
        try self.add(bytes)
    }

    /// Adds bytes of the state.
    mutating func add(_ bytes: [UInt8]) throws(LogError) {
        self.text += bytes
        // The last frame is only known at the end, so the text of one is held back.
        var start = 0
        while self.text.count - start > SnapshotFrames.textBytes {
            let end = start + SnapshotFrames.textBytes
            try self.write(self.text[start..<end], isLast: false)
            start = end
            if self.number.isMultiple(of: Self.framesPerSync) { try self.file.sync() }
        }
        self.text.removeFirst(start)
    }

    /// Writes the last frame and the head.
    mutating func finish() throws(LogError) {
        try self.write(self.text[...], isLast: true)
        self.head.bodyBytes = self.offset - UInt64(SnapshotHead.size)
        try self.file.write(self.head.bytes, at: 0)
    }

    private mutating func write(_ text: ArraySlice<UInt8>, isLast: Bool) throws(LogError) {
        let frame: [UInt8]
        do {
            frame = try SnapshotFrames.seal(text, number: self.number, isLast: isLast, key: self.key)
        } catch {
            throw .io(operation: "encrypt (\(error))", path: self.file.path, code: 0)
        }
        try self.file.write(frame, at: self.offset)
        self.offset += UInt64(frame.count)
        self.number += 1
    }
}
