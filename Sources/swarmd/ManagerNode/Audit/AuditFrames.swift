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

    private static let kind = "swarmd-audit"

    /// What the first line of a file says.
    struct Header: Equatable {
        /// The number of the file's first record.
        var first: UInt64
        /// The hash of the record before that one.
        var previous: Data
    }

    /// Why bytes are no file of records.
    enum Fault: Error, Equatable {
        case newer(version: Int)
        case header
        /// The bytes of the record at `offset` are not those that were written.
        case damaged(offset: Int)
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
    /// A record is torn when the bytes end before it does, or it is the last one and not as it was written: both
    /// happen when the machine stops while it is written. Anything else is damage.
    static func record(at offset: Int, of bytes: [UInt8]) throws(Fault) -> (SwarmdAuditRecord, next: Int)? {
        let start = offset + Self.prefix
        guard bytes.count >= start else { return nil }
        let length = Int(Self.number(at: offset, of: bytes))
        guard length <= Self.recordBytes else { return try Self.tail(offset, of: bytes) }
        guard bytes.count >= start + length else { return nil }
        let body = Array(bytes[start..<(start + length)])
        guard length > 0, Checksum.crc32(body) == Self.number(at: offset + 4, of: bytes),
            let record = try? SwarmdAuditRecord(serializedBytes: body)
        else {
            if start + length == bytes.count { return nil }
            return try Self.tail(offset, of: bytes)
        }
        return (record, start + length)
    }

    /// A loss of power may leave zeros where the last record was to be.
    private static func tail(
        _ offset: Int,
        of bytes: [UInt8]
    ) throws(Fault) -> (SwarmdAuditRecord, next: Int)? {
        guard bytes[offset...].allSatisfy({ $0 == 0 }) else { throw .damaged(offset: offset) }
        return nil
    }

    private static func number(at offset: Int, of bytes: [UInt8]) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
