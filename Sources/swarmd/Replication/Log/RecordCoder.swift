import Crypto
import SwarmAPI
import SwiftProtobuf

/// Writes and reads the records of one segment file.
///
/// A record is a head of 40 bytes, then nonce, ciphertext and tag (AES-256-GCM), then zeros up to a multiple
/// of 8. The head: magic, length of the body, type, zeros, CRC-32C of the rest of the record, term, index,
/// and how much of the file was durable when the record was written. The tag covers head and offset too, and
/// the key is the file's: no record can be moved, swapped or relabelled.
struct RecordCoder: Sendable {
    static let headSize = 40
    private static let magic: UInt32 = 0x4345_5253
    /// Nonce and tag of AES-GCM.
    private static let overhead = 28

    private let key: SymmetricKey

    init(key: DataKey, header: [UInt8]) { self.key = key.fileKey(header: header) }

    /// What a record takes in the file.
    static func size(plaintext: Int) -> Int { Self.padded(Self.headSize + Self.overhead + plaintext) }

    private static func padded(_ size: Int) -> Int { (size + 7) / 8 * 8 }

    /// Appends a record that will stand at `offset`; everything below `durable` is safely on disk, and no other
    /// record has the nonce.
    func append(
        _ content: RecordContent,
        to bytes: inout [UInt8],
        offset: UInt64,
        durable: UInt64,
        nonce: ArraySlice<UInt8>
    ) throws {
        let start = bytes.count
        bytes.append(number: Self.magic)
        bytes.append(number: UInt32(content.plaintext.count + Self.overhead))
        bytes.append(number: UInt32(content.type.rawValue))
        bytes.append(number: UInt32(0))
        bytes.append(number: content.term)
        bytes.append(number: content.index)
        bytes.append(number: durable)
        // The offset is authenticated and not written: it stands behind the head for as long as that takes.
        bytes.append(number: offset)
        let box = try AES.GCM.seal(
            content.plaintext,
            using: self.key,
            nonce: AES.GCM.Nonce(data: nonce),
            authenticating: bytes[start...]
        )
        bytes.removeLast(MemoryLayout.size(ofValue: offset))
        bytes.append(contentsOf: nonce)
        bytes.append(contentsOf: box.ciphertext)
        bytes.append(contentsOf: box.tag)
        let end = start + Self.padded(bytes.count - start)
        while bytes.count < end { bytes.append(0) }
        bytes.replace(at: start + 12, with: CRC32C.of(bytes[start...]))
    }

    /// Finds the record at `offset` of a file; nil if there is none that is whole.
    static func frame(in file: [UInt8], at offset: Int) -> RecordFrame? {
        guard offset + Self.headSize <= file.count, file.number(at: offset, as: UInt32.self) == Self.magic
        else { return nil }
        let body = Int(file.number(at: offset + 4, as: UInt32.self))
        let end = offset + Self.padded(Self.headSize + body)
        guard body >= Self.overhead, end <= file.count else { return nil }
        var sum = CRC32C()
        sum.add(file[offset..<offset + 12])
        sum.add([0, 0, 0, 0])
        sum.add(file[(offset + 16)..<end])
        guard sum.checksum == file.number(at: offset + 12, as: UInt32.self) else { return nil }
        return RecordFrame(
            offset: offset,
            body: offset + Self.headSize..<offset + Self.headSize + body,
            end: end,
            durable: file.number(at: offset + 32, as: UInt64.self)
        )
    }

    /// Decrypts a record; nil if it isn't what was written at this place of this file.
    func open(_ frame: RecordFrame, of file: [UInt8]) -> RecordContent? {
        var authenticated = Array(file[frame.offset..<frame.offset + Self.headSize])
        authenticated.replace(at: 12, with: UInt32(0))
        authenticated.append(number: UInt64(frame.offset))
        guard let box = try? AES.GCM.SealedBox(combined: file[frame.body]),
            let plaintext = try? AES.GCM.open(box, using: self.key, authenticating: authenticated),
            let type = RecordType(rawValue: authenticated.number(at: 8, as: UInt32.self))
        else { return nil }
        return RecordContent(
            type: type,
            term: authenticated.number(at: 16, as: UInt64.self),
            index: authenticated.number(at: 24, as: UInt64.self),
            plaintext: Array(plaintext)
        )
    }
}

/// Where a whole record lies in a file.
struct RecordFrame {
    let offset: Int
    let body: Range<Int>
    let end: Int
    let durable: UInt64
}

/// The types of records on disk.
enum RecordType: UInt32 {
    case normal = 1
    case confChange = 2
    case confChangeV2 = 3
    case hardState = 16
    case mark = 17
}

/// A record in the form in which it is encrypted.
struct RecordContent {
    let type: RecordType
    let term: UInt64
    let index: UInt64
    let plaintext: [UInt8]
}

extension RecordContent {
    init(_ record: LogRecord) {
        switch record {
        case .entry(let entry):
            let type: RecordType =
                switch entry.type {
                case .entryNormal: .normal
                case .entryConfChange: .confChange
                case .entryConfChangeV2: .confChangeV2
                }
            self.init(type: type, term: entry.term, index: entry.index, plaintext: entry.data)
        case .hardState(let state):
            guard let bytes: [UInt8] = try? state.serializedBytes() else {
                preconditionFailure("a hard state of term \(state.term) can't be serialized")
            }
            self.init(type: .hardState, term: state.term, index: 0, plaintext: bytes)
        case .mark: self.init(type: .mark, term: 0, index: 0, plaintext: [])
        }
    }

    /// The record; nil if its text is none.
    var record: LogRecord? {
        switch self.type {
        case .normal: .entry(self.entry(.entryNormal))
        case .confChange: .entry(self.entry(.entryConfChange))
        case .confChangeV2: .entry(self.entry(.entryConfChangeV2))
        case .hardState: (try? RaftHardState(serializedBytes: self.plaintext)).map(LogRecord.hardState)
        case .mark: .mark
        }
    }

    private func entry(_ type: RaftEntryType) -> LogEntry {
        LogEntry(term: self.term, index: self.index, type: type, data: self.plaintext)
    }
}
