import Foundation
import LinuxSystem
import SwarmAPI
import SwiftProtobuf

/// How records lie in a file: a line that says what the file is, then each record after its length and checksum.
enum AuditFrames {
    /// The version of the format.
    static let version = 1
    /// Length and CRC-32, four bytes each, big-endian.
    static let prefix = 8
    /// The largest record; longer ones are damage.
    static let recordBytes = 16 << 10
    /// What every record has: its number, the hash of the one before it and its own.
    static let leastRecordBytes = 70
    /// No first line is longer.
    static let headerBytes = 192
    /// What disks write at once, or not at all.
    static let sector = 512

    private static let kind = "swarmd-audit"

    /// What the first line of a file says.
    struct Header: Equatable {
        /// The number of the file's first record.
        var first: UInt64
        /// The hash of the record before that one.
        var previous: Data
    }

    /// Why bytes are no file of records.
    enum Fault: Error, Equatable, CustomStringConvertible {
        case newer(version: Int)
        case header
        /// The bytes of the record at `offset` are not those that were written.
        case damaged(offset: Int)

        var description: String {
            switch self {
            case .newer(let version): "a later release wrote them, in version \(version) of the format"
            case .header: "their first line is damaged"
            case .damaged(let offset): "they are damaged at byte \(offset)"
            }
        }
    }

    /// The first line of a file: `swarmd-audit VERSION FIRST PREVIOUS CHECKSUM`.
    static func line(_ header: Header) -> [UInt8] {
        let hash = header.previous.map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }
        let body = "\(Self.kind) \(Self.version) \(header.first) \(hash.joined())"
        return Array("\(body) \(Checksum.crc32(Array(body.utf8)))\n".utf8)
    }

    /// Reads the first line; returns also where the records begin.
    static func header(of bytes: [UInt8]) throws(Fault) -> (header: Header, start: Int) {
        guard let end = bytes.firstIndex(of: 0x0a) else { throw .header }
        let line = String(decoding: bytes[..<end], as: UTF8.self)
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0] == Self.kind, let version = Int(words[1]) else { throw .header }
        guard version == Self.version else { throw .newer(version: version) }
        guard words.count == 5, let first = UInt64(words[2]), let previous = Self.bytes(words[3]),
            let space = bytes[..<end].lastIndex(of: 0x20),
            UInt32(words[4]) == Checksum.crc32(Array(bytes[..<space]))
        else { throw .header }
        return (Header(first: first, previous: previous), end + 1)
    }

    private static func bytes(_ hex: Substring) -> Data? {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard digits.count == hex.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// A record, whose bytes are `body`, as it lies in a file.
    static func frame(_ body: [UInt8]) -> [UInt8] {
        Self.bytes(UInt32(body.count)) + Self.bytes(Checksum.crc32(body)) + body
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    /// The record at `offset`, and where the next one begins; nil where the file ends, or its last record is torn.
    ///
    /// A record is torn when the bytes end before it does, or are zeros from a sector's beginning on: both happen when
    /// the machine stops while it is written. Anything else is damage.
    static func record(at offset: Int, of bytes: [UInt8]) throws(Fault) -> (SwarmdAuditRecord, next: Int)? {
        let start = offset + Self.prefix
        guard bytes.count >= start else { return nil }
        let length = Int(Self.number(at: offset, of: bytes))
        if length > 0, length <= Self.recordBytes {
            guard bytes.count >= start + length else { return nil }
            if let record = Self.body(
                start..<(start + length),
                Self.number(at: offset + 4, of: bytes),
                of: bytes
            ) {
                return (record, start + length)
            }
        }
        guard Self.isTorn(offset, of: bytes) else { throw .damaged(offset: offset) }
        return nil
    }

    private static func body(_ place: Range<Int>, _ checksum: UInt32, of bytes: [UInt8]) -> SwarmdAuditRecord?
    {
        let body = Array(bytes[place])
        guard Checksum.crc32(body) == checksum else { return nil }
        return try? SwarmdAuditRecord(serializedBytes: body)
    }

    /// Whether a loss of power explains what is at `offset`: it may leave zeros where the last record was to be, or its
    /// last sectors.
    private static func isTorn(_ offset: Int, of bytes: [UInt8]) -> Bool {
        let zeros = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        if zeros <= offset { return true }
        let sector = (zeros + Self.sector - 1) / Self.sector * Self.sector
        return sector < bytes.count && sector < offset + Self.prefix + Self.recordBytes
    }

    /// Whether `bytes` are what a crash leaves of a file's first line.
    static func isTornHeader(_ bytes: [UInt8]) -> Bool {
        bytes.count < Self.headerBytes && !bytes.contains(0x0a) || bytes.allSatisfy { $0 == 0 }
    }

    /// Whether what is at `offset`, and seems to end too early, is something else: records follow it, or it is whole but
    /// for its length.
    static func isAltered(_ offset: Int, of bytes: [UInt8]) -> Bool {
        let start = offset + Self.prefix
        guard start < bytes.count else { return false }
        let isWhole = Self.body(start..<bytes.count, Self.number(at: offset + 4, of: bytes), of: bytes) != nil
        return isWhole || !Self.sequences(from: offset + 1, of: bytes).isEmpty
    }

    /// The greatest number that a record from the damage at `offset` on can have had; the one before it had `last`.
    static func greatest(after last: UInt64, damagedAt offset: Int, of bytes: [UInt8]) -> UInt64 {
        let room = max(0, bytes.count - offset) / (Self.prefix + Self.leastRecordBytes) + 1
        // Where bytes were taken out the records behind them have greater numbers than there is room for; one that is
        // beyond all measure was made up.
        let found = Self.sequences(from: offset, of: bytes).filter { $0 < last + 1 << 40 }
        return max(last + UInt64(room), found.max() ?? 0)
    }

    /// The numbers of the records that can be read from `offset` on, wherever they begin.
    private static func sequences(from offset: Int, of bytes: [UInt8]) -> [UInt64] {
        var found: [UInt64] = []
        var place = offset
        while place + Self.prefix + Self.leastRecordBytes <= bytes.count {
            let (start, length) = (place + Self.prefix, Int(Self.number(at: place, of: bytes)))
            if length >= Self.leastRecordBytes, length <= Self.recordBytes, start + length <= bytes.count,
                let record = Self.body(
                    start..<(start + length),
                    Self.number(at: place + 4, of: bytes),
                    of: bytes
                )
            {
                found.append(record.sequence)
                place = start + length
            } else {
                place += 1
            }
        }
        return found
    }

    private static func number(at offset: Int, of bytes: [UInt8]) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
